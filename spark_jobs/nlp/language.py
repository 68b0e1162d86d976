"""In which language a text is written, or ``und`` where that would be a guess.

Two maintained models share the work, because each is better at one end: py3langid on five words
and more, lingua below; where the one is not sure the other is asked. Where both doubt, everyday
words that are told apart at sight ("merci") decide between French and English, with lingua's low
probability beside the answer. No model is asked about a text without letters. Texts in a script
that the offered languages do not use go to py3langid with all of its languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version

from lingua import Language, LanguageDetectorBuilder
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from spark_jobs.nlp.links import LINK

VERSION = "2"
UNKNOWN = "und"
OFFERED = (
    *("ar", "cs", "de", "el", "en", "es", "fr", "he", "it", "ja"),
    *("ko", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh"),
)
"""ISO 639-1 codes to choose from: fewer languages confuse short texts less."""
ISO_639_1 = 2
"""Letters of a code; languages that only have longer ones are not offered."""
SHORT = 5
"""Words; shorter texts are read by lingua."""
SURE = {"py3langid": 0.35, "lingua": 0.45}
"""Probability from which the model that suits the length is believed."""
SURE_SECOND = {"py3langid": 0.8, "lingua": 0.45}
"""Probability from which the other model is believed where the first was not sure."""
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
        self._names = {model: _model_name(model) for model in SURE}
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
            return Identified(language, float(probability), self._names["py3langid"])
        length = len(_WORD.findall(words)) + len(_SPACELESS.findall(letters))
        first, second = ("py3langid", "lingua") if length >= SHORT else ("lingua", "py3langid")
        for model, sure in ((first, SURE[first]), (second, SURE_SECOND[second])):
            language, probability = self._likeliest(model, words)
            if probability >= sure:
                return Identified(language, probability, self._names[model])
        return self._by_telling_words(words) or Identified(UNKNOWN, None, self._names[first])

    def _by_telling_words(self, words: str) -> Identified | None:
        """The language whose everyday words are in the text, where only one has any."""
        present = {
            language
            for language, telling in self._telling.items()
            if not telling.isdisjoint(_EVERYDAY_WORD.findall(words))
        }
        if len(present) != 1:
            return None
        (language,) = present
        weighed = self._weighed(words)
        probability = weighed.get(language, 0.0) / (sum(weighed.values()) or 1.0)
        return Identified(language, probability, f"telling_words {VERSION}")

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

    def _weighed(self, words: str) -> dict[str, float]:
        """Lingua's probabilities, weighed by the prior; they do not sum to 1."""
        return {
            (code := confidence.language.iso_code_639_1.name.lower()): confidence.value
            * PRIOR.get(code, 1.0)
            for confidence in self._short.compute_language_confidence_values(words)
        }


def versions() -> tuple[str, ...]:
    """Name and version of everything an answer depends on."""
    return (f"language {VERSION}", *(_model_name(model) for model in sorted(SURE)))


def _prepared(text: str) -> str:
    return _NOT_WORDS.sub(" ", text[:LONGEST]).lower()


def _model_name(model: str) -> str:
    distribution = {"lingua": "lingua-language-detector"}.get(model, model)
    return f"{model} {version(distribution)}"
