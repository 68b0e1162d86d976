"""French messages written for the tests, with the names in them: p person, o organisation, l place.

Names of products and works are left out: the French recogniser has no label for them.
"""

from __future__ import annotations

MESSAGES: tuple[tuple[str, str], ...] = (
    ("Bonjour, je suis toujours sans nouvelles de ma commande.", ""),
    ("Merci à Sophie Martin qui a tout réglé en dix minutes !", "p Sophie Martin"),
    ("La panne touche tout Lyon depuis ce matin.", "l Lyon"),
    ("J'ai appelé Microsoft, ils me renvoient vers le vendeur.", "o Microsoft"),
    ("Un grand merci à Karim du magasin de Toulouse.", "p Karim; l Toulouse"),
    ("SÉRIEUSEMENT C'EST QUOI CE SERVICE CLIENT", ""),
    ("Le livreur de Chronopost n'a même pas sonné.", "o Chronopost"),
    ("Hier à Bordeaux, impossible d'avoir du réseau.", "l Bordeaux"),
    ("Pff. Encore une heure d'attente au téléphone.", ""),
    ("Le conseiller, Thomas Leroy, m'a raccroché au nez.", "p Thomas Leroy"),
    ("On part vivre en Belgique, comment garder mon numéro ?", "l Belgique"),
    ("@lea tu as essayé de redémarrer ?", ""),
    ("Merci beaucoup pour votre aide !!!", ""),
    ("Je compare avec Carrefour et franchement rien à voir.", "o Carrefour"),
    ("Mon colis est bloqué à Marseille depuis lundi.", "l Marseille"),
    ("Est-ce que Nathalie travaille encore chez vous ?", "p Nathalie"),
    ("Samsung ne veut pas prendre la réparation en charge.", "o Samsung"),
    ("Lol. Vous vous moquez de nous.", ""),
    ("Aucune couverture en Bretagne, c'est normal ?", "l Bretagne"),
    ("J'ai vu Pierre Durand hier au magasin de Nantes.", "p Pierre Durand; l Nantes"),
    ("Voir https://exemple.fr/Paris/offres pour les détails", ""),
    ("Bravo pour la rapidité, je recommande.", ""),
    ("La SNCF répond plus vite que vous, c'est dire.", "o SNCF"),
    ("JE VEUX ÊTRE REMBOURSÉ MAINTENANT ET TOUT DE SUITE", ""),
    ("Le technicien venait de Grenoble.", "l Grenoble"),
    ("Je suis cliente depuis dix ans, Julie Bernard.", "p Julie Bernard"),
    ("Salut, quelqu'un a une astuce ?", ""),
    ("Rendez-vous annulé par SMS le matin même.", ""),
    ("En Espagne, tout fonctionne, et ici rien.", "l Espagne"),
    ("Google affiche de mauvais horaires pour la boutique.", "o Google"),
    ("Mon voisin Ahmed a le même souci.", "p Ahmed"),
    ("Bof, la qualité baisse.", ""),
    ("Livraison prévue à Strasbourg, arrivée à Lille.", "l Strasbourg; l Lille"),
    ("Merci Camille, c'était exactement ça.", "p Camille"),
    ("Help ! Plus de connexion.", ""),
    ("La facture de mars est fausse.", ""),
    ("Orange et Bouygues ont le même tarif.", "o Orange; o Bouygues"),
    ("J'habite Montpellier et la fibre n'arrive pas.", "l Montpellier"),
    ("Quelle honte !", ""),
    ("Le directeur, Monsieur Lefebvre, ne répond pas.", "p Lefebvre"),
    ("Vous livrez en Suisse ?", "l Suisse"),
    ("Un avis sur Amazon dit le contraire.", "o Amazon"),
    ("Super conseil de Marie au rayon jardin.", "p Marie"),
    ("RAS LE BOL DE VOS PROMESSES NON TENUES", ""),
    ("Paris, Lyon, Nice : la panne est générale.", "l Paris; l Lyon; l Nice"),
    ("Rappelez-moi après 18h svp.", ""),
    ("Ma mère vit au Portugal l'hiver.", "l Portugal"),
    ("Vincent Moreau m'avait promis un avoir.", "p Vincent Moreau"),
    ("Renault a le même souci avec ses applis.", "o Renault"),
    ("Ok. Je résilie.", ""),
    ("Coucou, vous avez du stock ?", ""),
    ("Colis envoyé à Rennes au lieu de Reims.", "l Rennes; l Reims"),
    ("C'est Élodie qui m'a servie, parfaite.", "p Élodie"),
    ("La Poste a perdu mon colis.", "o La Poste"),
    ("Mdr, la réponse automatique.", ""),
    ("On a déménagé à Dijon en juin.", "l Dijon"),
    ("Disponible au Canada ?", "l Canada"),
    ("Mon fils Lucas adore.", "p Lucas"),
    ("Apple a remplacé l'appareil sans discuter.", "o Apple"),
    ("Urgent : plus de téléphone depuis hier.", ""),
    ("Bonsoir, toujours pas de réponse.", ""),
    ("Le magasin de Tours ferme à 19h.", "l Tours"),
)
LABELS = {"p": "person", "o": "organisation", "l": "place"}


def names_of(written: str) -> set[tuple[str, str]]:
    """The names of a message: words and label."""
    pairs = (one.strip().split(" ", 1) for one in written.split(";") if one.strip())
    return {(words, LABELS[sign]) for sign, words in pairs}
