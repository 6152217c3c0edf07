"""The languages: catalogues, commands and style notes, a folder each; and the tools that keep them whole."""
