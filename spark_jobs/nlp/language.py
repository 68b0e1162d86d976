"""In which language a text is written, or ``und`` where that would be a guess.

Two maintained models share the work, because each is better at one end: py3langid reads five words
and more, lingua fewer. Of short texts, and where py3langid is not sure, both are asked: they err on
different words, so that together they are right more often.
Where both doubt, everyday words that are told apart at sight ("merci") decide between French and
English, with the low probability beside the answer. No model is asked about a text without letters.
Texts in a script that the offered languages do not use go to py3langid with all of its languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

from lingua import Language, LanguageDetectorBuilder
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from spark_jobs.nlp.links import LINK

VERSION = "3"
MODELS = ("py3langid", "lingua")
UNKNOWN = "und"
OFFERED = (
    *("ar", "cs", "de", "el", "en", "es", "fr", "he", "it", "ja"),
    *("ko", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh"),
)
"""ISO 639-1 codes to choose from: fewer languages confuse short texts less."""
ISO_639_1 = 2
"""Letters of a code; languages that only have longer ones are not offered."""
SHORT = 5
"""Words; shorter texts are read by both models at once."""
SURE = 0.35
"""Probability from which py3langid is believed of a text that is not short."""
SURE_TOGETHER = 0.6
"""Probability from which both together are believed."""
SECOND_VOICE = 0.5
"""Power of py3langid's probabilities, which are multiplied with lingua's: it is too sure of itself
on few words. This and the one above were chosen on every other word pair of the public set."""
LEAST = 1e-9
"""Of a probability that is multiplied: no model rules a language out alone."""
PRIOR = {"en": 2.0, "fr": 2.0}
"""How much likelier than another language a short text is written in it, before it is read."""
_TELLING = {
    "fr": "merci bonjour bonsoir salut slt svp stp mdr ptdr oui voilà c'est j'ai j'adore je idem "
    "pareil très trop aussi moi nous vous chez avec toujours rien depuis bravo pourquoi",
    "en": "thanks thank thx please pls plz yes the this that same too here still why what lmao "
    "omg wtf you your they with any news great love just me true later days again",
}
"""Everyday words of short messages, each common in one of the two languages only."""
LONGEST = 2_000
"""Characters read: more do not change the answer."""

_DECIMALS = 6  # lingua adds up in any order, and more would differ from one call to the next

# What is written alike in every language, and the placeholders of masking.
_NOT_WORDS = re.compile(LINK + r"|<\w+>|[@#]\w+|\b[rR][tT]\b")
_WORD = re.compile(r"[^\W\d_]+")
_EVERYDAY_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_OFFERED_SCRIPT = re.compile(
    r"[a-zA-Z\u00c0-\u024f\u0370-\u052f\u0590-\u06ff\u1e00-\u1fff"
    r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


@dataclass(frozen=True, slots=True)
class Identified:
    """A language (ISO 639-1 or ``und``), its probability where known, and the model asked."""

    language: str
    probability: float | None
    model: str


class Identifier:
    """The two models, loaded (about 3 s, 100 MB)."""

    def __init__(self) -> None:
        alone, other = map(_model_name, MODELS)
        self._names = {"alone": alone, "together": f"{other} with {alone}"}
        self._telling = {code: frozenset(words.split()) for code, words in _TELLING.items()}
        self._long = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._long.set_languages(OFFERED)
        self._any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._any.set_languages([code for code in self._any.labels if len(code) == ISO_639_1])
        by_code = {language.iso_code_639_1.name.lower(): language for language in Language.all()}
        self._short = (
            LanguageDetectorBuilder.from_languages(*(by_code[code] for code in OFFERED))
            .with_preloaded_language_models()
            .build()
        )

    def identify(self, text: str) -> Identified:
        """The language of ``text``; ``und`` without letters and where no model is sure enough."""
        words = _prepared(text)
        letters = "".join(_WORD.findall(words))
        if not letters:
            return Identified(UNKNOWN, None, f"letters {VERSION}")
        if 2 * len(_OFFERED_SCRIPT.findall(letters)) < len(letters):
            language, probability = self._any.classify(words)
            return Identified(language, float(probability), self._names["alone"])
        if len(_WORD.findall(words)) + len(_SPACELESS.findall(letters)) >= SHORT:
            language, probability = self._likeliest("py3langid", words)
            if probability >= SURE:
                return Identified(language, probability, self._names["alone"])
        together = self._together(words)
        language = max(together, key=together.__getitem__)
        if together[language] >= SURE_TOGETHER:
            return Identified(language, together[language], self._names["together"])
        return self._by_telling_words(words, together) or Identified(
            UNKNOWN, None, self._names["together"]
        )

    def _by_telling_words(self, words: str, together: Mapping[str, float]) -> Identified | None:
        """The language whose everyday words are in the text, where only one has any."""
        present = {
            language
            for language, telling in self._telling.items()
            if not telling.isdisjoint(_EVERYDAY_WORD.findall(words))
        }
        if len(present) != 1:
            return None
        (language,) = present
        return Identified(language, together[language], f"telling_words {VERSION}")

    def alone(self, model: str, text: str) -> str:
        """What one of the models answers without the other and without a threshold."""
        return self._likeliest(model, _prepared(text))[0]

    def _likeliest(self, model: str, words: str) -> tuple[str, float]:
        if model == "py3langid":
            language, probability = self._long.classify(words)
            return language, min(1.0, float(probability))
        weighed = self._weighed(words)
        best = max(weighed, key=weighed.__getitem__)
        return best, weighed[best] / (sum(weighed.values()) or 1.0)

    def _together(self, words: str) -> dict[str, float]:
        """The probability of each language offered, by both models."""
        second = dict(self._long.rank(words))
        voices = {
            language: probability * max(float(second[language]), LEAST) ** SECOND_VOICE
            for language, probability in self._weighed(words).items()
        }
        total = sum(voices.values()) or 1.0
        return {language: round(voice / total, _DECIMALS) for language, voice in voices.items()}

    def _weighed(self, words: str) -> dict[str, float]:
        """Lingua's probabilities, weighed by the prior; they do not sum to 1."""
        return {
            (code := confidence.language.iso_code_639_1.name.lower()): confidence.value
            * PRIOR.get(code, 1.0)
            for confidence in self._short.compute_language_confidence_values(words)
        }


def versions() -> tuple[str, ...]:
    """Name and version of everything an answer depends on."""
    return (f"language {VERSION}", *map(_model_name, sorted(MODELS)))


def _prepared(text: str) -> str:
    return _NOT_WORDS.sub(" ", text[:LONGEST]).lower()


def _model_name(model: str) -> str:
    distribution = {"lingua": "lingua-language-detector"}.get(model, model)
    return f"{model} {version(distribution)}"
