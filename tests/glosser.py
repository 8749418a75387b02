"""A lexicon → a small but real .argosmodel, which translates word for word. For tests only.

A genuine CTranslate2 Transformer (one encoder layer, one decoder layer, cross attention, beam search) whose weights
are set by hand: position codes are one-hot, so that decoder step t attends to source piece t, and the output matrix
takes each source piece to its target piece. Pieces outside the lexicon become <unk>, which CTranslate2 replaces by
the source piece that is attended to: they are copied. It is built in a tenth of a second, needs no training, and
goes the whole way of a published package: zip, installation, SentencePiece, CTranslate2, decoding.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CASES = Path(__file__).parent / "cases" / "translate"
SPECIALS = ["<unk>", "<s>", "</s>"]
NOTHING = "<s>"  # a control piece, which SentencePiece decodes to nothing
POSITIONS = 320  # more than the 256 steps that CTranslate2 decodes at most
LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 - ' い う え お か き く け こ"
HIT = 12.0  # the logit of the piece that the lexicon says; all others have 0
NAMES = {"ja": "Japanese", "en": "English", "de": "German"}


def lexicon(source: str, target: str) -> dict[str, str]:
    """The words of cases/translate/lexicon.SOURCE-TARGET.tsv."""
    lines = (CASES / f"lexicon.{source}-{target}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {word: NOTHING if meaning == "-" else meaning for word, meaning in pairs}


def build(folder: Path, source: str, target: str, words: Mapping[str, str] | None = None, version: str = "0.1") -> Path:
    """Build translate-SOURCE_TARGET-VERSION.argosmodel in a folder that exists, and return its path."""
    words = lexicon(source, target) if words is None else words
    if source != "ja":  # SentencePiece puts the break before a word
        words = {f"▁{word}" if word.isalpha() else word: meaning for word, meaning in words.items()}
    pieces, processor = _pieces(words, source)
    package = folder / f"translate-{source}_{target}-{version.replace('.', '_')}"
    package.mkdir(parents=True)
    (package / "sentencepiece.model").write_bytes(processor)
    (package / "README.md").write_text("A glosser with weights set by hand, for tests only.\n", encoding="utf-8")
    described = {"package_version": version, "argos_version": "1.9", "type": "translate"}
    described |= {"from_code": source, "from_name": NAMES[source], "to_code": target, "to_name": NAMES[target]}
    (package / "metadata.json").write_text(json.dumps(described), encoding="utf-8")
    known = {piece: words[piece] for piece in pieces if piece in words}
    _save(_network(pieces, known), package / "model")
    return zipped(package, folder / f"{package.name}.argosmodel")


def zipped(package: Path, to: Path) -> Path:
    """A folder as a zip that holds it, the same bytes every time."""
    with zipfile.ZipFile(to, "w") as archive:
        for path in sorted(path for path in package.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(f"{package.name}/{path.relative_to(package).as_posix()}", (2020, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_STORED  # weights that are mostly zero would look like a bomb
            archive.writestr(member, path.read_bytes())
    return to


def _pieces(words: Mapping[str, str], source: str) -> tuple[list[str], bytes]:
    """A SentencePiece model that knows the words as pieces of their own, and all its pieces."""
    import sentencepiece

    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([LETTERS] * 20),  # each a piece; words outside the lexicon are made of them
        model_writer=out,
        vocab_size=8000,
        hard_vocab_limit=False,
        character_coverage=1.0,
        user_defined_symbols=sorted(words, key=lambda word: (-len(word), word)),
        add_dummy_prefix=source != "ja",
        normalization_rule_name="nfkc" if source == "ja" else "nfkc_cf",
        minloglevel=2,
        num_threads=1,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())], out.getvalue()


def _network(pieces: Sequence[str], words: Mapping[str, str]) -> Any:
    """The specification of the Transformer, weights and vocabularies filled in."""
    from ctranslate2.specs import transformer_spec

    source = SPECIALS + [piece for piece in pieces if piece not in SPECIALS]
    target = SPECIALS + sorted(set(words.values()) - set(SPECIALS))
    depth = (len(source) + POSITIONS + 8) // 8 * 8  # [one-hot of the piece | of the position | "is the end" | padding]
    spec = transformer_spec.TransformerSpec.from_config(1, 1, pre_norm=True)
    spec.encoder.scale_embeddings = spec.decoder.scale_embeddings = False
    spec.config.add_source_eos = True
    for side in (spec.encoder, spec.decoder):
        side.position_encodings.encodings = _centred(POSITIONS, depth, len(source)) * 2
        _silent(side, depth)
    spec.encoder.embeddings[0].weight = _centred(len(source), depth, 0)
    spec.decoder.embeddings.weight = np.zeros((len(target), depth), np.float32)  # what was said before does not count
    _attend(spec.decoder.layer[0].attention, source, depth)
    _project(spec.decoder.projection, source, target, words, depth)
    spec.register_source_vocabulary(source)
    spec.register_target_vocabulary(target)
    return spec


def _save(spec: Any, folder: Path) -> None:
    spec.validate()
    spec.optimize(quantization=None)
    folder.mkdir()
    spec.save(str(folder))


def _centred(count: int, depth: int, at: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """One-hot rows from column `at`, less their mean: all have one norm, so layer norms are a constant factor."""
    out = np.zeros((count, depth), np.float32)
    out[:, at : at + count] = np.eye(count, dtype=np.float32) - 1.0 / count
    return out


def _silent(side: Any, depth: int) -> None:
    """Self-attention and feed-forward that add nothing to what they get."""
    nothing, layer = np.zeros((depth, depth)), side.layer[0]
    for norm in (side.layer_norm, layer.self_attention.layer_norm, layer.ffn.layer_norm):
        _norm(norm, depth)
    _linear(layer.self_attention.linear[0], np.zeros((3 * depth, depth)))
    _linear(layer.self_attention.linear[1], nothing)
    _linear(layer.ffn.linear_0, np.zeros((8, depth)))
    _linear(layer.ffn.linear_1, np.zeros((depth, 8)))


def _attend(attention: Any, source: Sequence[str], depth: int) -> None:
    """Cross attention: step t looks at source position t, and behind the end at the end."""
    pieces = len(source)
    position, token = np.zeros((depth, depth), np.float32), np.zeros((depth, depth), np.float32)
    position[pieces : pieces + POSITIONS, pieces : pieces + POSITIONS] = np.eye(POSITIONS)
    token[:pieces, :pieces] = np.eye(pieces)
    end = pieces + POSITIONS
    query = np.zeros(depth, np.float32)
    query[end] = 20 * depth**0.5
    key = position.copy()
    key[end, source.index("</s>")] = 1.0
    _norm(attention.layer_norm, depth)
    _linear(attention.linear[0], position * 40, query)
    _linear(attention.linear[1], np.vstack([key, token]))
    _linear(attention.linear[2], token * 4)


def _project(
    projection: Any, source: Sequence[str], target: Sequence[str], words: Mapping[str, str], depth: int
) -> None:
    """The output matrix: the piece attended to → its meaning, with the logit HIT; norms are constants, undone here."""
    pieces, steps = 1 - 1 / len(source), 4 * (1 - 1 / POSITIONS)
    scale = ((pieces + steps) / depth) ** -0.5
    gain = 4 * scale * ((steps + 16 * scale * scale * pieces) / depth) ** -0.5
    weight = np.zeros((len(target), depth), np.float32)
    for column, piece in enumerate(source):
        weight[target.index("</s>" if piece == "</s>" else words.get(piece, "<unk>")), column] = HIT / gain
    bias = weight[:, : len(source)].sum(1) * gain / len(source)  # undoes the centring
    bias[target.index("</s>")] -= 0.5 * HIT  # or beam search collects early endings
    _linear(projection, weight, bias)


def _norm(norm: Any, depth: int) -> None:
    norm.gamma, norm.beta = np.ones(depth, np.float32), np.zeros(depth, np.float32)


def _linear(layer: Any, weight: Any, bias: Any = None) -> None:
    layer.weight = np.ascontiguousarray(weight, np.float32)
    layer.bias = np.zeros(weight.shape[0], np.float32) if bias is None else np.ascontiguousarray(bias, np.float32)


def index(entries: Iterable[Mapping[str, object]]) -> bytes:
    """An index of packages as the official one is written."""
    return json.dumps(list(entries)).encode()
