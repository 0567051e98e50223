"""`python -m jarvis.cli`, which the launcher runs."""

import sys

from jarvis.cli import main

sys.exit(main())
