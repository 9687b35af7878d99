"""Writes the conformance set: for each case of cases.py the files that Keras saves, and the outputs that Keras computes.

Run again after a change to cases.py, or for another version of Keras; the result is committed:

    python3.11 -m venv venv && venv/bin/pip install -r test/conformance/requirements.txt
    venv/bin/python test/conformance/make_cases.py

Each network is an input, the layer, and what makes its output flat. Weights come from one fixed row of numbers. Files and outputs
lie packed in `cases.br`, which conformance.test.ts unpacks: Keras' own bytes, in a container that takes a tenth of the room.
`keys.json` has the keys that real configs of each class have.
"""

import json
import os
import pathlib
import struct
import tempfile
import types
import zipfile

os.environ["KERAS_BACKEND"] = os.environ.get("KERAS_BACKEND", "numpy")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import brotli
import keras
import numpy as np
import tf_keras
from keras.src.saving import saving_lib, serialization_lib

from cases import CASES, IMAGE

HERE = pathlib.Path(__file__).parent
VERSIONS = {"keras 3": keras, "keras 2": tf_keras}
# Few bits each, so that they pack well.
NUMBERS = np.random.default_rng(1).integers(-16, 17, size=4096).astype("float32") / 16
BRANCHES = {"two": 2, "three": 3, "a pixel": 2, "a vector": 2}


def pixels(shape):
    """Fixed images in 0..1, a different value at each place: a sine of the position. The test makes them by the same formula."""
    count = int(np.prod(shape))
    return (0.5 + 0.5 * np.sin(np.arange(count, dtype=np.float64) * 12.9898)).astype("float32").reshape(shape)


def keep_still():
    """What a file says of the moment and the process that wrote it: the same each time."""
    numbers = {}
    serialization_lib.id = lambda thing: numbers.setdefault(id(thing), len(numbers))
    now = types.SimpleNamespace(strftime=lambda _: "2026-01-01@00:00:00")
    saving_lib.datetime = types.SimpleNamespace(datetime=types.SimpleNamespace(now=lambda: now))
    clock = types.SimpleNamespace(localtime=lambda *_: (2026, 1, 1, 0, 0, 0, 0, 1, 0), time=lambda: 0)
    zipfile.time = clock
    return numbers


def options_of(k, options):
    """Constructor arguments; what is Keras' own object is written {class: argument} in cases.py."""
    classes = {"L2": k.regularizers.L2, "MaxNorm": k.constraints.MaxNorm, "array": lambda values: np.array(values, "float32")}
    layers = {"LeakyReLU": k.layers.LeakyReLU, "ReLU": k.layers.ReLU, "Softmax": lambda axis: k.layers.Softmax(axis=axis), "ELU": k.layers.ELU}
    result = {}
    for key, value in options.items():
        if isinstance(value, dict) and list(value)[0] in {**classes, **layers}:
            [(name, argument)] = value.items()
            value = {**classes, **layers}[name](argument)
        result[key] = value
    return result


def layer_of(k, case):
    options = options_of(k, case.options)
    if k is tf_keras and case.layer == "LeakyReLU" and "negative_slope" in options:
        options["alpha"] = options.pop("negative_slope")
    # Not an argument everywhere, and yet in the config.
    regularizer = options.pop("activity_regularizer", None)
    layer = getattr(k.layers, case.layer)(name="layer", **options)
    if regularizer is not None:
        layer.activity_regularizer = regularizer
    return layer


def branches_of(k, case, x):
    """What a merging layer merges: the input, and others made from it."""
    if case.branches in ("two", "three"):
        others = [k.layers.Rescaling(-0.5, 0.25 * (i + 1))(x) for i in range(BRANCHES[case.branches] - 1)]
        return [x, *others]
    return [x, k.layers.GlobalMaxPooling2D(keepdims=case.branches == "a pixel")(x)]


def model_of(k, case):
    if case.layer == "InputLayer":
        inputs = k.Input(case.shape, name="layer", **case.options)
        outputs = k.layers.Flatten()(k.layers.Rescaling(1.0)(inputs))
        return k.Model(inputs, outputs, name="model")
    size = int(np.prod(case.shape))
    image = case.shape if len(case.shape) == 3 else IMAGE if size == 40 else (size // 4, 2, 2)
    # The images of a network have their channels last; those of a layer may not.
    first = len(case.shape) == 3 and case.options.get("data_format") == "channels_first"
    if first:
        channels, height, width = case.shape
        image = (height, width, channels)
    inputs = k.Input(image, name="image")
    # Below zero too, for activations.
    x = k.layers.Rescaling(4.0, -2.0, name="centred")(inputs)
    if first:
        x = k.layers.Permute((3, 1, 2), name="channels_first")(x)
    elif case.shape != image:
        x = k.layers.Reshape(case.shape, name="shaped")(x)
    layer = layer_of(k, case)
    x = layer(branches_of(k, case, x) if case.branches else x)
    if len(x.shape) != 2:
        x = k.layers.Flatten(name="flat")(x)
    return k.Model(inputs, x, name="model")


def give_weights(model, case):
    # Statistics of their own each, so that none can stand in for another.
    apart = 7 if case.layer == "BatchNormalization" else 0
    for index, weight in enumerate(model.weights):
        name = weight.name.split("/")[-1].split(":")[0]
        if "seed" in name or "count" in name:
            continue
        value = NUMBERS[apart * index :][: int(np.prod(weight.shape))].reshape(weight.shape)
        positive = "variance" in name or "stddev" in name or name == "gamma"
        weight.assign(np.abs(value) + 0.25 if positive else value)
    for layer in model.layers:
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def outputs_of(model, whole):
    """What Keras computes for `pixels`, in whole numbers of 0 to 255 for an input of bytes."""
    images = pixels((1, *model.input_shape[1:]))
    return np.asarray(model(np.floor(255 * images) if whole else images, training=False), "float32").ravel()


def save(k, model, extension):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"model.{extension}"
        if k is keras:
            model.save(path)
        else:
            model.save(path, save_format="h5" if extension == "h5" else "keras")
        return path.read_bytes()


def change(layer, after):
    """What is done to a layer that is built: for what the NumPy backend cannot build. Its outputs are those from before."""
    if after == "lora":
        layer.enable_lora(1)
    elif after == "int8":
        layer.quantize("int8")
    elif after is not None:
        setattr(layer, after, True)


def main():
    numbers = keep_still()
    keys = {version: {} for version in VERSIONS}
    blobs, entries, skipped = [], [], []

    def add(blob):
        blobs.append(blob)
        return [sum(map(len, blobs)) - len(blob), len(blob)]

    for version, k in VERSIONS.items():
        for case in CASES:
            if case.only not in (None, version):
                continue
            try:
                model = model_of(k, case)
                give_weights(model, case)
                outputs = add(outputs_of(model, case.bytes).tobytes())
                change(model.get_layer("layer"), case.after)
                keys[version].setdefault(case.layer, set()).update(model.get_layer("layer").get_config())
            except Exception as error:
                skipped.append(f"{version} {case.name}: {type(error).__name__} {str(error)[:100]!r}")
                continue
            shape = list(model.input_shape[1:])
            for extension in ["keras", "h5"]:
                numbers.clear()
                try:
                    entries.append([case.name, case.layer, version, extension, case.bytes, shape, add(save(k, model, extension)), outputs])
                except TypeError as error:
                    skipped.append(f"{version} {case.name}, .{extension}: {error}")
            k.backend.clear_session()
    print(*skipped, sep="\n")
    print(len(entries), "files")
    head = json.dumps(entries, separators=(",", ":")).encode()
    packed = brotli.compress(struct.pack("<I", len(head)) + head + b"".join(blobs), quality=11, lgwin=24)
    (HERE / "cases.br").write_bytes(packed)
    print(len(packed), "bytes")
    text = json.dumps({v: {c: sorted(found) for c, found in sorted(each.items())} for v, each in keys.items()}, indent=1)
    (HERE / "keys.json").write_text(text + "\n")


main()
