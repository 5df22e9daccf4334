"""Compares what feedparser reads in our documents with what it reads in the origin's.

usage: roundtrip.py FEEDS HANDED: the folder of the corpus's feeds, and the one that
`go test ./internal/corpus -run GoesOut -handed HANDED` filled. See docs/roundtrip.md.
"""

import collections
import html
import json
import os
import re
import sys
from calendar import timegm

import feedparser

feedparser.sanitizer._HTMLSanitizer.acceptable_elements |= set()  # its own cleaning stays on for both

FORMATS = {"RSS": ".rss.xml", "Atom": ".atom.xml"}

# What says nothing of the article: details of how a text is written, and texts again.
NO_FACT = re.compile(
    r"_detail$|^(guidislink|links|base|language|value|id)$|_parsed$|^(author|author_detail)$"
)

# Kinds that are lost, with the reason. The first that matches counts.
LOSSES = [
    (r"^link$", "Links", "The feed's link leads through a counter, and it names the article's own address, which takes its place."),
    (r"^(published|updated|created|expired)$", "Dates", "A date that cannot be, or one that another date of the same item contradicts."),
    (r"^authors$|^publisher$|^contributors$", "People", "A list in one element becomes several people; nobody is no author; RSS has the names alone, and no address."),
    (r"^tags$", "Categories", "A list in one element becomes several; a subject named twice is named once; an Atom scheme must be an IRI."),
    (r"^(title|summary|content|subtitle|rights|description)$", "Texts",
     "What is no text (scripts, counting pixels, plug-ins), a summary that only repeats the text, and HTML where a line of text is wanted."),
    (r"^enclosures$", "Enclosures", "RSS has one; the others are media:content there. Other lengths than a number are none."),
    (r"^source$", "Source", "RSS has the title and the address of the feed alone, and without an address the title as dc:source; a source that only names its own feed otherwise (Buzz) is that feed."),
    (r"^(media_content|media_thumbnail)$", "Media RSS", "Attributes that Media RSS does not have; files that are not on the web (`rtsp:`); a file listed twice is one."),
    (r"^(media_player|media_text|media_credit|content|media_community|media_starrating|media_statistics|media_embed)$", "Media RSS: players and counts",
     "Markup where an address is wanted; counts that change with every look, which the W3C validator takes for errors."),
    (r"^(slash_comments|thr_total)$", "Number of comments", "0 is what everybody assumes; RSS says it with slash:comments, Atom with thr:total."),
    (r"^wfw_commentrss$", "Feed of the comments", "Atom says it with a link of rel=replies, which feedparser lists among the links."),
    (r"^(license|creativecommons_license)$", "Licence", "Atom says it with a link of rel=license (RFC 4946)."),
    (r"^(comments)$", "Comments", "Atom says it with a link of rel=replies."),
    (r"^(itunes_duration|itunes_explicit|itunes_block)$", "Podcasts", "The same in present words: whole seconds, true or false; a block that is none is not said."),
    (r"^podcast_images$", "Sizes of a picture", "The element was withdrawn; itunes:image has the picture."),
    (r"^image$", "Picture", "feedparser takes itunes:image for it; a picture by another element is media:thumbnail."),
    (r"^(geo_.*|georss_.*|where|gml_.*)$", "Places", "Latitude and longitude are written as georss:point; a second shape is left out."),
]
FOREIGN = ("Vocabularies of one site or program", "No reader knows them.")
KNOWN = re.compile(r"^(media|itunes|slash|thr|wfw|geo|georss|podcast|dc)_|^[a-z]+$")


def letters(text):
    text = html.unescape(html.unescape(str(text)))
    text = re.sub(r"<[^>]*>", "", text)
    text = re.sub(r"^https?://", "", text.strip())
    return "".join(c for c in text.lower() if c.isalnum())


def values(key, value, out):
    """All that a value says."""
    if isinstance(value, dict):
        for k, v in value.items():
            if not re.search(r"_detail$|_parsed$|^(type|language|base|rel|isdefault)$", k):
                values(key, v, out)
    elif isinstance(value, (list, tuple)):
        for v in value:
            values(key, v, out)
    elif value not in (None, "", False, True):
        out.append(str(value))


def forms(text):
    yield letters(text)
    if re.fullmatch(r"[\d:]+", text.strip()) and ":" in text:
        total = 0
        for part in text.strip().split(":"):
            total = total * 60 + int(part or 0)
        yield str(total)
    yield letters(text.split(";")[0])
    for a, b in (("audio/mp3", "audio/mpeg"), ("image/jpg", "image/jpeg")):
        if text == a:
            yield letters(b)
    try:
        yield letters(repr(float(text)).removesuffix(".0"))
    except ValueError:
        pass


def said(entry):
    out = []
    for k, v in entry.items():
        if not k.endswith("_parsed"):
            values(k, v, out)
    return " ".join(letters(v) for v in out), {letters(v) for v in out}


def kept(key, value, ours):
    if key in ("published", "updated", "created", "expired"):
        return True  # told by the parsed one
    whole, exact = ours
    out = []
    values(key, value, out)
    for text in out:
        if not any(f == "" or f in exact or (len(f) > 5 and f[:24] in whole) for f in forms(text)):
            return False
    return True


def dates(origin, entry):
    """The dates of an entry that another reading of it does not have."""
    have = {timegm(entry[k]) for k in ("published_parsed", "updated_parsed") if entry.get(k)}
    for key in ("published", "updated", "created"):
        t = origin.get(key + "_parsed")
        if t and origin.get(key):
            try:
                yield key, timegm(t) in have
            except (ValueError, OverflowError):
                continue


def main(feeds, handed):
    count = collections.Counter()
    lost = {f: collections.Counter() for f in FORMATS}
    like = {}
    articles = 0
    for name in sorted(os.listdir(handed)):
        if not name.endswith(".ids.json"):
            continue
        name = name.removesuffix(".ids.json")
        ids = json.load(open(os.path.join(handed, name + ".ids.json"), encoding="utf-8"))
        origin = feedparser.parse(os.path.join(feeds, name))
        ours = {}
        for format, end in FORMATS.items():
            parsed = feedparser.parse(os.path.join(handed, name + end))
            if parsed.bozo:
                sys.exit(f"{name}{end}: {parsed.bozo_exception}")
            ours[format] = {e.get("id"): (said(e), e) for e in parsed.entries}
        seen = collections.Counter(e.get("id", "").strip() for e in origin.entries)
        for entry in origin.entries:
            key = entry.get("id", "").strip()
            if seen[key] != 1 or key not in ids:
                continue
            articles += 1
            for k, v in entry.items():
                if not v or NO_FACT.search(k):
                    continue
                count[k] += 1
                for format in FORMATS:
                    # An entry that is not there loses all.
                    got = ours[format].get(ids[key])
                    if got is None or not kept(k, v, got[0]):
                        lost[format][k] += 1
                        like[k] = str(v)[:80]
            for format in FORMATS:
                got = ours[format].get(ids[key])
                for k, ok in dates(entry, got[1] if got else {}):
                    lost[format][k] += not ok
    rows, unexplained = {}, []
    for k in sorted(count):
        name, why = "All other keys", ""
        if any(lost[f][k] for f in FORMATS):
            for pattern, label, reason in LOSSES:
                if re.search(pattern, k):
                    name, why = label, reason
                    break
            else:
                if KNOWN.match(k) and k.split("_")[0] in ("media", "itunes", "slash", "thr", "wfw", "podcast"):
                    unexplained.append(k)
                    continue
                name, why = FOREIGN
        row = rows.setdefault(name, [why, 0, 0] + [0] * len(FORMATS))
        row[1] += 1
        row[2] += count[k]
        for i, f in enumerate(FORMATS):
            row[3 + i] += lost[f][k]
    print("| what | keys | said | " + " | ".join(f + " kept / lost" for f in FORMATS) + " | why what is lost is lost |")
    print("|---|--:|--:|" + "--:|" * len(FORMATS) + "---|")
    for name, (why, keys, n, *gone) in sorted(rows.items(), key=lambda r: (r[0] != "All other keys", r[0])):
        print(f"| {name} | {keys} | {n} | " + " | ".join(f"{n - g} / {g}" for g in gone) + f" | {why} |")
    print(f"{articles} articles", file=sys.stderr)
    if os.environ.get("EVERY"):
        for k in sorted(count):
            print(k, count[k], {f: lost[f][k] for f in FORMATS}, like.get(k, ""), file=sys.stderr)
    for k in unexplained:
        print(f"lost without a reason: {k}: {count[k]} {[lost[f][k] for f in FORMATS]} {like[k]!r}", file=sys.stderr)
    sys.exit(bool(unexplained))


main(*sys.argv[1:3])
