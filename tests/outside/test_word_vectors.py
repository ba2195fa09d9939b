"""The model inside the wordllama wheel, read without its code and without a network; and the language of texts."""

import subprocess
import sys

import numpy as np
import pytest

from reviewer.outside import word_vectors

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 14), reason="there is no wheel of wordllama for Python 3.14")


def test_texts_that_mean_the_same_are_nearer_than_others() -> None:
    model = word_vectors.word_vectors()
    vectors = model.embed(["I want my money back", "please refund my order", "the weather is nice today", ""])
    assert vectors.shape == (4, model.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 0], abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert word_vectors.is_installed()


def test_many_texts_at_once_are_what_each_is_alone() -> None:
    model = word_vectors.word_vectors()
    texts = [f"order {n} was " + "very " * (n % 7) + "late" for n in range(300)]
    assert np.allclose(model.embed(texts)[::50], [model.embed([text])[0] for text in texts[::50]], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I would like to change the seat on my flight to London", "en"),
        ("Ich möchte meinen Flug nach London umbuchen, bitte", "de"),
        ("Je voudrais changer mon vol pour Londres", "fr"),
        ("ロンドン行きのフライトを変更したいです", "ja"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert word_vectors.language_of(text) == language


def test_neither_the_network_nor_the_wheels_own_code_is_asked() -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('asked the network')\n"
        "socket.socket.connect = refuse\n"
        "from reviewer.outside import word_vectors\n"
        "word_vectors.word_vectors().embed(['hello']); word_vectors.language_of('hello there, my friend')\n"
        "print(sorted({'wordllama', 'requests', 'huggingface_hub', 'numba', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
