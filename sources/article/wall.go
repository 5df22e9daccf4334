package article

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What stands in the place of an article, in words.
const (
	wallChallenge = "a page that checks whether a person is asking"
	wallConsent   = "a consent page"
	wallPay       = "a paywall"
	wallLogin     = "a login page"
	wallError     = "an error page"
	wallScript    = "a page that shows nothing without JavaScript"
)

// view is what is looked at to know a wall: the page as it came.
type view struct {
	heads    []string // parts of its title and its main headings, folded
	shown    int      // letters that one sees
	said     string   // the beginning of its text, folded
	own      string   // the same without what leads to other articles, if a weak phrase is in it
	marks    string   // ids and addresses, in lower case
	password bool
	scripts  int
	walled   bool     // an element is called a paywall
	names    []string // its title and its main headings, folded
}

// Limits of what is looked at of a page, in bytes.
const (
	maxSaid  = 64 << 10
	maxMarks = 64 << 10
)

func glance(doc *html.Node, h *headers) view {
	var v view
	var marks strings.Builder
	walk(doc, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return true
		}
		if element(n, atom.Input) && strings.EqualFold(attr(n, "type"), "password") {
			v.password = true
		}
		if element(n, atom.Script) {
			v.scripts++
		}
		if marks.Len() < maxMarks {
			for _, key := range []string{"id", "src", "action"} {
				if value := attr(n, key); value != "" {
					marks.WriteString(strings.ToLower(clip(value, maxNames)) + "\n")
				}
			}
			if element(n, atom.Script) && !has(n, "src") {
				marks.WriteString(strings.ToLower(clip(raw(n), 4<<10)) + "\n")
			}
		}
		v.walled = v.walled || traits(n)&wall != 0 && !element(n, atom.Html, atom.Body, atom.Script, atom.Link, atom.Meta)
		return true
	})
	shown := text(doc)
	v.shown = letters(shown)
	v.said = fold(clip(shown, maxSaid))
	if contains(v.said, weakPhrases) {
		v.own = fold(clip(ownText(doc), maxSaid))
	}
	v.marks = marks.String()
	for _, t := range append([]string{h.title}, h.h1...) {
		v.names = append(v.names, fold(t))
		split := func(r rune) bool { return strings.ContainsRune("|–—·•:»«｜：", r) }
		for part := range strings.FieldsFuncSeq(strings.ReplaceAll(t, " - ", "|"), split) {
			if part = strings.Trim(fold(part), " .…!?,-()[]"); part != "" {
				v.heads = append(v.heads, part)
			}
		}
	}
	return v
}

// How many letters a text has that is taken for an article whatever else the page says
// (long), and for none (scant).
const (
	long  = 2500
	scant = 500
	// lone is how many letters a whole page shows that does one thing only.
	lone = 1500
)

// wall says in words what stands in the place of the article, or before most of it. A text
// that is long enough is an article: phrases alone misfire on free pages.
// So is one that bears the title that its feed gave the article: an article about consent
// pages says what these say.
func (v view) wall(root *html.Node, ld linked, at *url.URL, known string) string {
	found, seen, own := 0, "", ""
	if root != nil {
		seen = text(root)
		found, seen = letters(seen), fold(clip(seen, maxSaid))
		if v.own != "" {
			own = fold(clip(ownText(root), maxSaid))
		}
	}
	// What a page of another sort says is what is found on it, or nothing is; an article
	// has a bar that says the same.
	said := func(phrases []string) bool {
		return v.shown < 2*lone && (contains(seen, phrases) || found < scant && contains(v.said, phrases))
	}
	if found >= long && !v.walled {
		return ""
	}
	asks := contains(v.said, payPhrases) || v.asksBehind(own)
	switch {
	case found < long && (ld.Closed || ld.Partly) && found < letters(ld.Body)*4/5:
		return wallPay // it says how much there is
	case ld.Closed && (found < lone && ld.Body == "" || asks || v.walled && found < 2*long):
		return wallPay
	case ld.Partly && (asks || v.walled) && found < 2*long:
		return wallPay
	case found >= long:
		return ""
	case found >= scant && v.bears(known) && !asks && !v.walled:
		return ""
	case v.shown < lone && v.any(challengeHeads, challengePhrases, challengeMarks):
		return wallChallenge
	case consentHost(at), found < lone && v.headed(consentHeads), said(consentPhrases):
		return wallConsent
	case found < scant && v.headed(errorHeads), found < lone && said(errorPhrases):
		return wallError
	case found < scant && (v.password && v.shown < 2*lone || v.headed(loginHeads)):
		return wallLogin
	case found < lone && asks, found < scant && v.walled:
		return wallPay
	case found < 100 && v.shown < scant && v.scripts > 0:
		return wallScript
	}
	return ""
}

// ownText is what one sees of a page besides what leads to its other articles and to its
// sections: there it says of others that they are for subscribers.
func ownText(doc *html.Node) string {
	s := scale{}
	s.weigh(doc)
	var b strings.Builder
	walk(doc, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type != html.ElementNode:
		case unseen[n.DataAtom], element(n, atom.Footer, atom.Nav, atom.Aside, atom.Li),
			!element(n, atom.Html, atom.Body) && s[n].letters < small && (traits(n)&(related|foot|menu) != 0 || leadsOn(n)):
			return false
		case blocks[n.DataAtom], element(n, atom.Br):
			b.WriteByte(' ')
		}
		return true
	})
	return tidy(b.String())
}

// leadsOn reports whether an element is the card of another article: its heading is a link.
func leadsOn(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if heading(c) && !element(c, atom.H1) && element(c.FirstChild, atom.A) ||
			element(c, atom.A) && c.FirstChild != nil && heading(c.FirstChild) {
			return true
		}
	}
	return false
}

// How far a weak phrase may stand from the end of a found text, before it and behind it, in
// bytes.
const (
	nearEnd   = 300
	farBehind = 600
)

// asksBehind reports whether a weak phrase stands at the end of a found text or right behind
// it; anywhere on the page, if nothing was found there.
func (v view) asksBehind(own string) bool {
	near := v.own
	if last := strings.TrimSpace(own[max(0, len(own)-probe):]); last != "" {
		if i := strings.LastIndex(near, last); i >= 0 {
			i += len(last)
			near = near[max(0, i-nearEnd):min(len(near), i+farBehind)]
		} else {
			near = own[max(0, len(own)-nearEnd):]
		}
	}
	return contains(moreThan.ReplaceAllString(near, " "), weakPhrases)
}

// moreThan is what is asked beside an article that is whole.
var moreThan = regexp.MustCompile(`subscribe to read (?:more|other|all)(?: of)?(?: our| the| such)? (?:stories|articles|reports|news|like this|from)`)

// bears reports whether the page is titled as an article is.
func (v view) bears(title string) bool {
	title = fold(title)
	return len(title) >= telling && slices.ContainsFunc(v.names, func(name string) bool {
		rest, begins := strings.CutPrefix(name, title)
		return begins && (rest == "" || strings.IndexAny(strings.TrimSpace(rest), "|-:»·") == 0)
	})
}

func (v view) any(heads, phrases, marks []string) bool {
	return v.headed(heads) || contains(v.said, phrases) || contains(v.marks, marks)
}

// telling is how long a phrase must be, in bytes, to tell by the beginning of a title what
// the page is: "500 years of printing" is no error.
const telling = 10

// headed reports whether a part of the title, or a heading, is one of these phrases, or
// begins with one that tells.
func (v view) headed(phrases []string) bool {
	return slices.ContainsFunc(v.heads, func(head string) bool {
		return slices.ContainsFunc(phrases, func(p string) bool {
			if head == p {
				return true
			}
			rest, ok := strings.CutPrefix(head, p)
			if !ok || len(p) < telling || len(rest) > 2*telling {
				return false
			}
			r, _ := utf8.DecodeRuneInString(rest)
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})
	})
}

func consentHost(at *url.URL) bool {
	return strings.HasPrefix(at.Hostname(), "consent.") || strings.HasPrefix(at.Hostname(), "consents.") ||
		strings.HasPrefix(strings.ToLower(at.Path), "/consent/") || strings.EqualFold(at.Path, "/consent")
}

// English, German, French, Spanish, Italian, Portuguese, Polish, Russian, Arabic, Chinese
// and Japanese.
var (
	challengeHeads = []string{
		"just a moment", "checking your browser", "attention required", "are you a robot", "verify you are human", "human verification", "robot check",
		"please verify you are a human", "pardon our interruption", "ddos-guard", "bot verification", "making sure you're not a bot", "security check",
		"проверка браузера", "التحقق من الأمان", "人机验证",
	}
	challengePhrases = []string{
		"checking your browser", "checking if the site connection is secure", "verify you are human", "verifying you are human", "verify that you are not a robot",
		"confirm you are not a robot", "needs to review the security of your connection", "enable javascript and cookies to continue", "complete the security check",
		"unusual traffic from your computer", "press & hold", "ihr browser wird überprüft", "bestätigen sie, dass sie ein mensch sind", "vérification de votre navigateur",
		"vérifiez que vous êtes humain", "comprobando su navegador", "verifica di essere umano", "verificando seu navegador", "подтвердите, что вы человек",
		"подтвердите, что вы не робот", "التحقق من أنك إنسان", "正在检查您的浏览器", "请完成安全验证", "ブラウザを確認しています",
	}
	challengeMarks = []string{
		"_cf_chl_opt", "challenge-form", "_incapsula_resource", "captcha-delivery.com", "px-captcha", "sgcaptcha", "awswafcookiedomainlist", "hcaptcha.com/1",
		"within.website/x/cmd/anubis",
	}
	consentHeads = []string{
		"before you continue", "cookie consent", "your privacy choices", "we value your privacy", "privacy consent", "cookie-einwilligung", "bevor sie fortfahren", "bevor du fortfährst",
		"avant de continuer", "consentement aux cookies", "antes de continuar", "consentimiento de cookies", "prima di continuare", "consenso ai cookie", "zanim przejdziesz",
		"прежде чем продолжить", "قبل المتابعة", "在您继续之前", "続行する前に", "privacy gate",
	}
	consentPhrases = []string{
		"before you continue to", "we value your privacy", "we and our partners store and/or access", "we and our partners use cookies", "please accept cookies to continue",
		"you must accept cookies", "wir und unsere partner", "mit werbung weiterlesen", "um fortzufahren, stimmen sie", "nous et nos partenaires", "continuer sans accepter", "accepter et continuer",
		"nosotros y nuestros socios", "aceptar y continuar", "noi e i nostri partner", "accetta e continua", "nós e os nossos parceiros", "aceitar e continuar", "my i nasi partnerzy",
		"мы и наши партнеры используем", "نحن وشركاؤنا", "我们和我们的合作伙伴", "クッキーに同意して",
	}
	errorHeads = []string{
		"404", "error 404", "404 error", "404 not found", "not found", "page not found", "file not found", "page could not be found", "page can't be found", "page does not exist",
		"oops", "page no longer available", "page unavailable", "article not found", "story not found", "403 forbidden", "forbidden", "access denied", "error 500", "internal server error", "bad gateway", "service unavailable",
		"an error occurred", "something went wrong", "error establishing a database connection", "account suspended", "under maintenance",
		"fehler 404", "seite nicht gefunden", "seite wurde nicht gefunden", "zugriff verweigert", "erreur 404", "page non trouvée", "page introuvable", "accès refusé",
		"página no encontrada", "acceso denegado", "errore 404", "pagina non trovata", "accesso negato", "erro 404", "página não encontrada", "nie znaleziono strony", "strona nie istnieje",
		"ошибка 404", "страница не найдена", "доступ запрещен", "доступ запрещён", "الصفحة غير موجودة", "خطأ 404", "页面不存在", "页面未找到", "找不到页面", "ページが見つかりません",
	}
	errorPhrases = []string{
		"the page you requested could not be found", "the page you are looking for", "the page you were looking for", "you don't have permission to access", "the requested url was not found",
		"this page no longer exists", "this article is no longer available", "error establishing a database connection", "die angeforderte seite", "la page que vous recherchez", "la page demandée n'existe pas",
		"la página que busca no existe", "la pagina richiesta non", "a página que você procura", "запрашиваемая страница не найдена", "الصفحة التي تبحث عنها", "您访问的页面不存在", "お探しのページは",
	}
	loginHeads = []string{
		"log in", "login", "sign in", "signin", "sign on", "authentication required", "anmelden", "anmeldung", "einloggen", "connexion", "se connecter", "identifiez-vous",
		"iniciar sesión", "inicio de sesión", "accedi", "accesso", "iniciar sessão", "fazer login", "zaloguj się", "вход", "войти", "авторизация", "تسجيل الدخول", "登录", "登入", "ログイン",
	}
	payPhrases = []string{
		"subscribe to continue", "subscribe to keep reading", "to continue reading, subscribe", "to read the full article, subscribe", "to read the full story, subscribe", "continue reading with a subscription",
		"this content is for subscribers", "this article is for subscribers", "register to continue reading", "log in to continue reading", "already a subscriber? log in to read", "you have reached your limit of free articles",
		"you've reached your limit of free articles", "jetzt abonnieren und weiterlesen", "jetzt weiterlesen mit", "um weiterzulesen", "weiterlesen mit", "diesen artikel weiterlesen mit",
		"abonnez-vous pour lire", "la suite est réservée aux abonnés", "article réservé aux abonnés", "cet article est réservé aux abonnés", "suscríbete para seguir leyendo", "suscríbase para seguir leyendo",
		"abbonati per continuare", "assine para continuar lendo",
		"оформите подписку, чтобы", "اشترك لمتابعة القراءة", "订阅后可阅读", "この記事は会員限定",
	}
	// weakPhrases are said of other articles too, and in footers.
	weakPhrases = []string{"subscribe to read", "subscribers only", "contenido exclusivo para suscriptores", "conteúdo exclusivo para assinantes", "contenuto riservato agli abbonati", "доступно только подписчикам", "dostęp dla prenumeratorów"}
)
