"""Languages that are recognised but not run."""

LANGUAGES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("rebar.config", "erlang.mk"), "erlang"),
    (("dune-project", "dune", "esy.json"), "ocaml"),
    (("Project.toml", "Manifest.toml"), "julia"),
    (("dub.json", "dub.sdl"), "d"),
    (("v.mod",), "v"),
    (("alire.toml",), "ada"),
    (("spago.dhall", "spago.yaml"), "purescript"),
    (("fpm.toml",), "fortran"),
    (("info.rkt",), "racket"),
    (("ballerina.toml", "Ballerina.toml"), "ballerina"),
    (("META6.json",), "raku"),
    (("mojoproject.toml",), "mojo"),
    (("rockspec", ".luarc.json", "nginx.conf.lua"), "lua"),
)
"""Manifests at the top → language."""

SOURCES: tuple[tuple[tuple[str, ...], str], ...] = (
    ((".nimble", ".nim"), "nim"),
    ((".erl",), "erlang"),
    ((".ml", ".opam"), "ocaml"),
    ((".jl",), "julia"),
    ((".lua", ".rockspec"), "lua"),
    ((".rkt",), "racket"),
    ((".lisp", ".asd"), "lisp"),
    ((".scm",), "scheme"),
    ((".f90", ".f95", ".f03", ".for"), "fortran"),
    ((".pas",), "pascal"),
    ((".adb", ".ads"), "ada"),
    ((".raku", ".p6"), "raku"),
    ((".tcl",), "tcl"),
    ((".st",), "smalltalk"),
    ((".vala",), "vala"),
    ((".hx",), "haxe"),
    ((".mojo",), "mojo"),
    ((".bal",), "ballerina"),
    ((".odin",), "odin"),
    ((".asm", ".s"), "assembly"),
    ((".pro",), "prolog"),
    ((".vb",), "visual-basic"),
)
"""Suffixes of sources → language."""
