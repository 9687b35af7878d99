"""What Keras computes with networks in `.keras` files.

Takes a JSON file with a list of {file, input, bytes}, and writes another with the outputs for `pixels([2, *input])` (for bytes, times 255
rounded down) and the names of the layers, or what Keras says against the file.
"""

import gc
import json
import sys
import warnings

import keras
import numpy as np


def pixels(shape):
    """Fixed images in 0..1, by the same formula as worker/test/teacher.ts."""
    count = int(np.prod(shape))
    return (0.5 + 0.5 * np.sin(np.arange(count, dtype=np.float64) * 12.9898)).astype("float32").reshape(shape)


def computed(file, input, bytes):
    with warnings.catch_warnings():
        # A weight that does not fit, or a structure that is not the usual one, is only a warning to Keras.
        warnings.simplefilter("error", UserWarning)
        model = keras.saving.load_model(file)
    images = pixels((2, *input))
    outputs = np.asarray(model(np.floor(255 * images) if bytes else images, training=False), "float32")
    return {"outputs": outputs.ravel().tolist(), "layers": [layer.name for layer in model.layers]}


def main(source, target):
    with open(source) as file:
        cases = json.load(file)
    # Keras collects garbage for each network: what was imported need not be looked through each time, which took most of the time.
    gc.freeze()
    results = []
    for case in cases:
        try:
            results.append(computed(**case))
        except Exception as error:
            results.append({"error": f"{type(error).__name__} {error}"})
        keras.backend.clear_session()
    with open(target, "w") as file:
        json.dump(results, file)


main(*sys.argv[1:])
