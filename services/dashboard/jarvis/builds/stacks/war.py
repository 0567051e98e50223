"""Java web applications that want a server around them: they are put into Tomcat."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import java
from jarvis.builds.stacks.stack import Local, Stack

HOME = "/usr/local/tomcat"
WEBAPPS = f"{HOME}/webapps"
KEEP = (
    f"mkdir -p {WEBAPPS} && found=$(find . -name '*.war' -not -path './.*' | sort | head -n 1)"
    f' && test -n "$found" && cp "$found" {WEBAPPS}/ROOT.war'
)
JAKARTA = ("17", "21", "25")
"""From these versions on a project is taken to speak Jakarta Servlet; older ones speak javax."""


def fits(project: Project) -> bool:
    """A project of Java that starts nothing itself."""
    served = project.framework in {"servlet", "war", "jsp", "struts", "tomcat"}
    return java.fits(project) and served and (not project.start_command or project.says("catalina.sh"))


def stack(project: Project) -> Stack:
    """Made as every project of Java; of what is made, the first .war is served at /."""
    choice = java.version(project)
    number = "10.1" if choice.version in JAKARTA else "9.0"
    other = (
        "If the program speaks the other one, correct `language_version`, or use a Dockerfile of your own."
    )
    speaks = "jakarta.servlet" if number == "10.1" else "javax.servlet"
    return Stack(
        name="war",
        version=choice.version,
        build_image=java.build_image(project, choice.version),
        run_image=f"tomcat:{number}-jre{choice.version}-temurin",
        install=java.executable(project) + project.install_command if project.install_command else "",
        build=project.build_command
        if project.install_command
        else java.executable(project) + project.build_command,
        after_build=KEEP,
        caches=java.caches(project),
        copies=(WEBAPPS,),
        sources=False,
        start="catalina.sh run",
        port=8080,
        owned=tuple(f"{HOME}/{name}" for name in ("conf", "logs", "temp", "webapps", "work")),
        notes=(
            *choice.notes,
            f"Tomcat {number} serves it, which speaks {speaks}. {other}",
        ),
        local=Local(programs=java.programs(project)),
    )
