"""A home for tools that also start the program, and so need at the run what they fetched for the build.

The home of root cannot be read by anybody else.
"""

FOLDER = "/opt/home"
PREPARE = (f"mkdir -p {FOLDER}",)

JAVA = {"HOME": FOLDER, "JAVA_TOOL_OPTIONS": f"-Duser.home={FOLDER}"}
"""Java asks the list of users for its home, not the environment."""
