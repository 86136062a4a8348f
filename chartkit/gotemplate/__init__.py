"""Go's text/template in Python: lexer, parser, compiler to closures, runtime. Knows nothing of Helm."""
