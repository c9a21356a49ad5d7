"""Games in strategic form: between the blocs, by stances, and as every party plays them."""
