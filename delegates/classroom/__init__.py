"""After a class: all debriefs of a session side by side, and many tables of one scenario compared.

All of it is for whoever leads the exercise: it tells every seat's private side.
"""
