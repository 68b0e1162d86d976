"""Labels that this project gave to public texts, by the texts' ids; the texts are not here."""
