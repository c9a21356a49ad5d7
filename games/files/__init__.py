"""How files are read, written and put in their places, and their folders made: each in one way.

`reading` reads a text and refuses it in one line. `writing` opens for this user alone, creates new
files and replaces old ones whole, through drafts that bear no name until then. `folders` makes
folders. Who may write a file at all is for `transcripts.writers` to say: locks need a library that
games do without.
"""
