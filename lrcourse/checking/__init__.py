"""`check` and `hint`: what an exercise is, how an answer is asked, judged and told. Nothing here holds an answer."""
