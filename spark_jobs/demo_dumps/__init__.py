"""Demo dumps: an invented company's customers, talking and buying, in the sources' own formats.

Modules, from what is said to what is delivered: ``vocabulary`` (phrases, as data), ``phrases``
(templates), ``voices`` (typos and slang), ``messages`` (whole messages with their labels),
``company`` and ``population`` (who), ``clock`` (when), ``episodes`` (what happens),
``purchases`` (the CRM), ``deliveries`` (files, one module a format), ``damage`` (broken lines),
``truth`` (what a test may compare with). No module here reads a dump: adapters do.

Nothing outside the tests and ``generate`` reads the truth folder.
"""
