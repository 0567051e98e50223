"""Programs for the Java machine that were handed in already built: jar and war, packed or unpacked."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.java.start import CONTAINER
from jarvis.analysis.tree import Tree

MANIFEST = "META-INF/MANIFEST.MF"
_MAIN = re.compile(r"^Main-Class:\s*([\w.$]+)", re.MULTILINE)
_JAVA = re.compile(r"^(?:Build-Jdk(?:-Spec)?|Created-By):\s*(\d+(?:\.\d+)*)", re.MULTILINE)


def packed(tree: Tree) -> Candidate | None:
    """A candidate for a folder that holds what a build of Java made; None when there is no such thing."""
    return _unpacked(tree) or _archive(tree)


def _unpacked(tree: Tree) -> Candidate | None:
    main = tree.search(MANIFEST, _MAIN)
    inside = [folder for folder in ("BOOT-INF", "WEB-INF") if folder in tree.folders]
    if main and (inside or tree.ending(".class")):
        found = Candidate("web" if inside else "script", "java", 0.95)
        claim(
            found,
            MANIFEST,
            "an unpacked jar",
            main[1],
            kind=found.kind,
            language="java",
            framework="prebuilt",
        )
        claim(found, MANIFEST, "names the main class", main[1], start_command=f"java -cp . {main[0][1]}")
        if inside:
            flag = "-Dserver.port=${PORT:-8080} " if "springframework" in main[0][1] else ""
            claim(
                found,
                MANIFEST,
                "names the main class",
                main[1],
                start_command=f"java {flag}-cp . {main[0][1]}",
            )
            claim(found, MANIFEST, "the usual port of Java's servers", None, port=8080)
        if java := tree.search(MANIFEST, _JAVA):
            claim(found, MANIFEST, "the Java that built it", java[1], language_version=java[0][1])
        return found
    shown = tree.first("WEB-INF/web.xml") or next(
        (file for file in tree.files if file.startswith(("WEB-INF/classes/", "WEB-INF/lib/"))), ""
    )
    shown = shown or next(iter(tree.ending(".jsp", ".jspx", depth=0)), "")
    if not shown:
        return None
    found = Candidate("web", "java", 0.95)
    claim(found, shown, "an unpacked web archive", kind="web", language="java", framework="servlet")
    claim(found, shown, "a servlet container carries it", start_command=CONTAINER, port=8080)
    return found


def _archive(tree: Tree) -> Candidate | None:
    """Archives at the top and no sources that they could be made of."""
    jars = [file for file in tree.top if file.lower().endswith((".jar", ".war", ".ear"))]
    jars = [
        file
        for file in jars
        if not file.endswith(("-sources.jar", "-javadoc.jar", "-plain.jar", "wrapper.jar"))
    ]
    if not jars:
        return None
    file = max(jars, key=lambda name: (tree.sizes[name], name))
    alone = len(tree.files) == 1
    found = Candidate("web", "java", 0.9 if alone else 0.7 if len(jars) == len(tree.top) else 0.6)
    claim(
        found,
        file,
        "a packed program for the Java machine",
        kind="web",
        language="java",
        framework="prebuilt",
    )
    if file.lower().endswith(".jar"):
        claim(
            found,
            file,
            "the archive is started",
            start_command=f"java -Dserver.port=${{PORT:-8080}} -jar {file}",
        )
        found.against.append("The archive was not opened: it may be a library, which cannot be started.")
    else:
        claim(found, file, "a servlet container carries it", start_command=CONTAINER)
    claim(found, file, "the usual port of Java's servers", port=8080)
    if len(jars) > 1:
        found.against.append("There are several archives; the largest one was taken.")
    return found
