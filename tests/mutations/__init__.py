"""The mutation check of the guards: each is taken out of a copy of the tree once, and a test must notice."""
