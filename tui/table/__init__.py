"""What the table is made of: the text in brackets, what is asked, the forms of every act."""
