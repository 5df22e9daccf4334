package config

import "reflect"

// presettable is a setting whose default can stand in its tag.
type presettable interface{ preset(text string) error }

// preset puts the default where nothing that could be used was written.
func (v *value[T]) preset(text string) error {
	if v.good() {
		return nil
	}
	return any(&v.V).(kind).read(text)
}

// fill puts the defaults of the tags into a block and into the blocks that are
// directly in it.
func (s shapes) fill(v reflect.Value) {
	sh := s.of(v.Type())
	for i := range sh.fields {
		f := &sh.fields[i]
		at := v.FieldByIndex(f.index)
		switch p, ok := at.Addr().Interface().(presettable); {
		case ok && f.preset != "":
			_ = p.preset(f.preset) // our own tags, which a test reads
		case at.Kind() == reflect.Struct && s.isBlock(at.Type()):
			s.fill(at)
		}
	}
}

// isBlock tells blocks from settings; what defaults: holds has no defaults of
// its own, or it would look like something that was asked for.
func (s shapes) isBlock(t reflect.Type) bool {
	_, isSetting := reflect.New(t).Interface().(setting)
	return !isSetting && t != reflect.TypeFor[defaultsBlock]()
}

// fillValue is fill for a block of an item of a list.
func (s shapes) fillValue(block any) { s.fill(reflect.ValueOf(block).Elem()) }
