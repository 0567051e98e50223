"""How a project in Clojure is built and started."""
