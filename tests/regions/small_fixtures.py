"""A folder of fixtures small enough to load in a moment, cut from the real ones."""

import copy
import json
from functools import cache

from django.conf import settings

OFFICES = ("flevowijs", "blijf-zitten-in-haarlem", "landelijk-groen")
MUNICIPALITIES = ("GM0034", "GM0995", "GM0392")  # Almere, Lelystad, Haarlem
POSTCODES = 4  # a municipality


class SmallFixtures:
    """Three offices, with all that they need; a test may then change or damage it.

    `where` is a dict with the primary key (`pk`) or the fields that single out an object.
    """

    def __init__(self, folder):
        self.folder = folder
        self._files = copy.deepcopy(_cut())
        self._names = {items[0]["model"]: name for name, items in self._files.items()}
        self._write(*self._files)

    def path(self, model):
        return self.folder / self._name(model)

    def objects(self, model):
        """The objects of a model, as they stand in the file."""
        return self._files[self._name(model)]

    def find(self, model, where):
        """The first object that `where` singles out."""
        return next(item for item in self.objects(model) if _is(item, where))

    def edit(self, model, where, **fields):
        """Give an object other values."""
        self.find(model, where)["fields"] |= fields
        self._write(self._name(model))

    def drop(self, model, where):
        """Take out the objects that `where` singles out."""
        name = self._name(model)
        before = self._files[name]
        self._files[name] = [item for item in before if not _is(item, where)]
        assert len(self._files[name]) < len(before)
        self._write(name)

    def drop_office(self, slug):
        """Take out an office with all that is the office's own."""
        for model in ("phonehours", "support", "supportlink"):
            name = self._name(model)
            owner = "support" if model == "supportlink" else "office"
            self._files[name] = [
                item for item in self._files[name] if item["fields"][owner][0] != slug
            ]
            self._write(name)
        self.drop("regionaloffice", {"slug": slug})

    def add(self, model, like, **fields):
        """Add an object that is like another but for `fields` (or `pk`)."""
        made = copy.deepcopy(self.find(model, like))
        if "pk" in fields:
            made["pk"] = fields.pop("pk")
        made["fields"] |= fields
        self.objects(model).append(made)
        self._write(self._name(model))

    def write(self, model, text):
        """Put any text in a file."""
        self.path(model).write_text(text, encoding="utf-8")

    def damage(self, model, where, damage):
        """Let a function damage an object, as it stands in the file."""
        damage(self.find(model, where))
        self._write(self._name(model))

    def _name(self, model):
        return self._names[f"regions.{model}"]

    def _write(self, *names):
        for name in names:
            text = json.dumps(self._files[name], ensure_ascii=False, indent=0)
            (self.folder / name).write_text(text, encoding="utf-8")


def _is(item, where):
    found = {"pk": item.get("pk"), **item["fields"]}
    return all(found[name] == value for name, value in where.items())


@cache
def _cut():
    """Name of the file -> its objects, as far as the three offices need them."""
    files = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(settings.FIXTURES_DIR.glob("*.json"))
    }
    by_model = {items[0]["model"].partition(".")[2]: name for name, items in files.items()}

    def keep(model, wanted):
        name = by_model[model]
        files[name] = [item for item in files[name] if wanted(item)]
        return files[name]

    offices = keep("regionaloffice", lambda item: item["fields"]["slug"] in OFFICES)
    regions = {slug for office in offices for (slug,) in office["fields"]["regions"]}
    partial = {code for office in offices for code in office["fields"]["partial_postcodes"]}
    shares = keep("postcodeshare", lambda item: item["fields"]["postcode"] == "1336")
    codes = partial | {share["fields"]["postcode"] for share in shares}
    known = {item["pk"]: item["fields"] for item in files[by_model["postcode"]]}
    homes = {*MUNICIPALITIES, *(known[code]["municipality"] for code in codes)}
    for home in sorted(homes):
        own = [code for code, fields in known.items() if fields["municipality"] == home]
        codes |= {code for code in own if not known[code]["po_box_only"]} & set(own[-POSTCODES:])
        codes |= set([code for code in own if known[code]["po_box_only"]][:1])
    keep("municipality", lambda item: item["pk"] in homes)
    keep("postcode", lambda item: item["pk"] in codes)
    places = keep(
        "place",
        lambda item: (
            item["fields"]["municipality"] in homes and codes & set(item["fields"]["postcodes"])
        ),
    )
    for item in places:
        item["fields"]["postcodes"] = sorted(codes & set(item["fields"]["postcodes"]))
    names = [[item["fields"]["name"], item["fields"]["municipality"]] for item in places]
    keep("placename", lambda item: item["fields"]["place"] in names)
    keep("educationregion", lambda item: item["fields"]["slug"] in regions)
    keep("phonehours", lambda item: item["fields"]["office"][0] in OFFICES)
    keep("support", lambda item: item["fields"]["office"][0] in OFFICES)
    keep("supportlink", lambda item: item["fields"]["support"][0] in OFFICES)
    for office in offices:
        listed = office["fields"]["municipalities"]
        office["fields"]["municipalities"] = [code for code in listed if code in homes]
    return files
