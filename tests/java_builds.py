"""Build files and sources of small programs in Java."""

MAIN = "package shop;\npublic class Main {\n  public static void main(String[] args) {}\n}\n"
SOURCE = "src/main/java/shop/Main.java"
KOTLIN = "package shop\n\nfun main() {\n  println(1)\n}\n"
SHADE = "<plugin><artifactId>maven-shade-plugin</artifactId></plugin>"


def pom(*full: str, plugins: str = "", rest: str = "") -> str:
    """A pom.xml that depends on each `group:name` or `group:name:scope`."""
    found = ""
    for item in full:
        group, name, *scope = item.split(":")
        inner = f"<scope>{scope[0]}</scope>" if scope else ""
        found += (
            f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>{inner}</dependency>\n"
        )
    return (
        "<project>\n<artifactId>shop</artifactId>\n<version>1.2</version>\n"
        f"<dependencies>\n{found}</dependencies>\n"
        f"<build><plugins>{plugins}</plugins></build>{rest}\n</project>\n"
    )


def gradle(*lines: str, head: str = "plugins { id 'java' }") -> str:
    inner = "\n".join(f"    {line}" for line in lines)
    return f"{head}\nversion = '0.3'\ndependencies {{\n{inner}\n}}\n"


BOOT = pom(
    "org.springframework.boot:spring-boot-starter-web",
    "org.springframework.boot:spring-boot-starter-actuator",
    "org.postgresql:postgresql",
    plugins=(
        "<plugin><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-maven-plugin</artifactId></plugin>"
    ),
    rest="<properties><java.version>21</java.version></properties>",
)
