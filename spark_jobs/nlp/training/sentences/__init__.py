"""Sentences written for this project, by kind; no line is taken from a data set."""
