#!/usr/bin/env python3
"""Writes the licences of everything that is compiled into siaga: packaging/licences.py > THIRD-PARTY.txt

Reads `cargo metadata --locked --offline`, compiles nothing and asks nobody. What is compiled in is what can be reached
from siaga by normal dependencies on the target; what only builds or tests it is left out. Each package is named with
version, licence and authors of its manifest; the texts come from the packages themselves, equal ones once. A package that
states no licence ends the run with an error.
"""

import json
import pathlib
import re
import subprocess
import sys

TARGET = "x86_64-unknown-linux-gnu"
TEXTS = re.compile(r"(licen[cs]e|copying|notice|unlicense|copyright|ofl)([-_. ].*)?$", re.IGNORECASE)
NO_TEXT = {".rs", ".py", ".toml", ".json", ".html"}  # the name of a licence on a file that is none
RULE = "=" * 100


def metadata(root):
    """What cargo knows of the workspace and its packages, for the target alone."""
    asked = ["cargo", "metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", TARGET]
    return json.loads(subprocess.run(asked, cwd=root, check=True, stdout=subprocess.PIPE).stdout)


def compiled_in(known):
    """The packages that siaga is made of, by name and version."""
    root = known["resolve"]["root"]
    depends = {
        node["id"]: [to["pkg"] for to in node["deps"] if any(kind["kind"] is None for kind in to["dep_kinds"])]
        for node in known["resolve"]["nodes"]
    }
    seen, to_visit = {root}, [root]
    while to_visit:
        for package in depends[to_visit.pop()]:
            if package not in seen:
                seen.add(package)
                to_visit.append(package)
    packages = [package for package in known["packages"] if package["id"] in seen - {root}]
    return sorted(packages, key=lambda package: (package["name"], package["version"]))


def texts(package):
    """The licence texts in a package: of its first folder, and of the one that its manifest names."""
    folder = pathlib.Path(package["manifest_path"]).parent
    files = [path for path in folder.iterdir() if TEXTS.match(path.name) and path.suffix.lower() not in NO_TEXT]
    for path in [path for path in files if path.is_dir()]:
        files.remove(path)
        files.extend(below for below in path.iterdir() if below.is_file())
    if package["license_file"]:
        files.append(folder / package["license_file"])
    read = {path.resolve().read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()}
    return sorted(filter(None, map(tidy, read)))


def tidy(text):
    """One text, however its lines end."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip("\n")


def listed(package):
    """A package's line in the list."""
    licence = package["license"] or "see its text"
    authors = ", ".join(re.sub(r"\s*<[^>]*>", "", author) for author in package["authors"])
    return f"{package['name']} {package['version']}  {licence}" + (f"  ({authors})" if authors else "")


def main():
    """Everything, or what is missing."""
    root = pathlib.Path(__file__).resolve().parent.parent
    packages = compiled_in(metadata(root))
    by_text, without = {}, []
    for package in packages:
        found = texts(package)
        name = f"{package['name']} {package['version']}"
        if not found and not package["license"]:
            sys.exit(f"packaging/licences.py: {name} states no licence and has no text: ask its authors, or do without it")
        if not found:
            without.append(f"{name}  {package['license']}")
        for text in found:
            by_text.setdefault(text, []).append(name)
    font = tidy((root / "dashboards/assets/font/OFL.txt").read_text(encoding="utf-8"))
    by_text.setdefault(font, []).append("Siaga Sans, a subset of Source Sans 3")

    out = [f"siaga contains {len(packages)} packages of others, each under its own licence.", ""]
    out += map(listed, packages)
    out.append("the standard library of Rust  MIT OR Apache-2.0")
    if without:
        out += ["", "Without a text in the package; the licence is the one named:", "", *without]
    for text, names in sorted(by_text.items(), key=lambda item: item[1]):
        out += ["", RULE, *names, RULE, "", text]
    print("\n".join(out))


if __name__ == "__main__":
    main()
