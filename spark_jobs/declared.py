"""From a YAML file to what it declares, checked: the errors name the file, the key and the fault.

What may be declared is in ``sources`` and ``mappings.language``, where the files lie in
``source_files``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from spark_jobs.mappings.language import Mapping as FieldMapping

YAML_SUFFIXES = (".yaml", ".yml")

_SHIPPED_MAPPINGS = Path(__file__).with_name("mappings")
_Declaration = TypeVar("_Declaration", bound=BaseModel)


class SourcesError(ValueError):
    """What is declared or the landing folder cannot be used; the message says where and why."""


def checked(model: type[_Declaration], content: Any, path: Path) -> _Declaration:
    """What a file holds as ``model``."""
    if not isinstance(content, Mapping):
        keys = ", ".join(name for name, key in model.model_fields.items() if key.is_required())
        raise SourcesError(f"{path}: file: found {_kind(content)}, expected keys such as {keys}")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise SourcesError(f"{path}: {_faults_of(error, content)}") from error


def _kind(content: Any) -> str:
    if content is None:
        return "nothing"
    return "a list" if isinstance(content, list) else f"{content!r:.40}"


def _faults_of(error: ValidationError, content: Any) -> str:
    """Keys and faults, in one line; an entry of a list has its name beside its number.

    A list whose entries are all at fault is empty to pydantic: that is not told beside them.
    """
    faults = error.errors(include_url=False)
    inner = {fault["loc"][:1] for fault in faults if len(fault["loc"]) > 1}
    return "; ".join(
        f"{_key(fault['loc'], content) or 'file'}: {fault['msg']}"
        for fault in faults
        if not (fault["type"] == "too_short" and fault["loc"] in inner)
    )


def _key(location: tuple[int | str, ...], content: Any) -> str:
    parts = []
    for part in location:
        try:
            content = content[part]
        except (TypeError, KeyError, IndexError):
            content = None
        is_named = isinstance(part, int) and isinstance(content, dict) and "name" in content
        parts.append(f"{part} ({content['name']})" if is_named else str(part))
    return ".".join(parts)


def read_yaml(path: Path, what: str) -> Any:
    """What a file holds; ``what`` it should be is said where there is none."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise SourcesError(f"{path}: no such {what}") from None
    except OSError as error:
        raise SourcesError(f"{path}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: not readable as YAML: {error}") from error


def with_mapping(source: Any, path: Path) -> Any:
    """A declaration with the mapping itself where it names one."""
    if not isinstance(source, dict) or not isinstance(name := source.get("mapping"), str):
        return source
    if Path(name).suffix in YAML_SUFFIXES:
        file = path.parent / name
    else:
        file = _SHIPPED_MAPPINGS / f"{name}.yaml"
        if not file.is_file() or "/" in name:
            shipped = ", ".join(sorted(each.stem for each in _SHIPPED_MAPPINGS.glob("*.yaml")))
            raise SourcesError(
                f"{path}: mapping: no mapping named {name!r} ships; there are {shipped}; name a "
                ".yaml file for one of your own"
            )
    content = read_yaml(file, f"mapping, which {path} names")
    return {**source, "mapping": checked(FieldMapping, content, file)}


class _Loader(yaml.SafeLoader):
    """YAML in which only true and false are truth values, days are texts, and keys are distinct.

    YAML 1.1 takes ``no`` for false, also where it is a word of an export or a country's code.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the class that it changes declares it
        start: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
            or (tag.endswith(":bool") and start in "tTfF")
        ]
        for start, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping, of which no key may be given twice."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if repeated := sorted({key for key in keys if keys.count(key) > 1}):
            raise yaml.constructor.ConstructorError(
                None, None, f"key given twice: {', '.join(repeated)}", node.start_mark
            )
        return super().construct_mapping(node, deep)
