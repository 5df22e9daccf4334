"""Runs the W3C's feed validator over documents, and fails for errors and for warnings that
docs/validator.md does not list.

usage: validate.py VALIDATOR DOCUMENT…: a checkout of github.com/w3c/feedvalidator, and the
documents, or folders of them. See docs/validator.md.
"""

import collections
import os
import re
import sys

LIST = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "validator.md")


def documents(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                if name.endswith(("rss.xml", "atom.xml")):
                    yield os.path.join(folder, name)


def main(validator, *paths):
    sys.path.insert(0, os.path.join(validator, "src"))
    import feedvalidator
    from feedvalidator import logging

    with open(LIST, encoding="utf-8") as f:
        listed = set(re.findall(r"^\| `(\w+)` \|", f.read(), re.M))
    count, like, n = collections.Counter(), {}, 0
    for path in documents(paths):
        n += 1
        with open(path, "rb") as f:
            result = feedvalidator.validateString(f.read(), firstOccurrenceOnly=0, fallback="utf-8", base="")
        for event in result["loggedEvents"]:
            if isinstance(event, (logging.Error, logging.Warning)):
                key = isinstance(event, logging.Error), type(event).__name__
                count[key] += 1
                like.setdefault(key, (path, event.params))
    bad = 0
    for (error, code), times in sorted(count.items(), key=lambda c: (-c[0][0], -c[1])):
        strange = error or code not in listed
        bad += strange
        print("error" if error else "warning", code, times, like[error, code] if strange else "")
    print(f"{n} documents, {sum(c for (e, _), c in count.items() if e)} errors", file=sys.stderr)
    sys.exit(n == 0 or bool(bad))


main(*sys.argv[1:])
