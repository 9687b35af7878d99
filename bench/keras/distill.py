"""The paper's method in Keras, as a yardstick: what the same work takes in the stack that the paper used.

python distill.py --teacher model.json --data CIFAR-10-FOLDER --images N --how one-by-one|fused [--exclude LAYER ...]

Each convolution larger than 1x1 of the sample teacher gets the paper's block, two separable layers with ReLU, trained for one epoch on the mean squared error
with RMSprop, and is measured inside the teacher on the validation images. `one-by-one` pays the teacher's pass for every block, as the paper
does; `fused` pays it once for all. Steps are compiled (tf.function) and the data are in memory, which is faster than the paper's own
data path. Prints one JSON object: seconds of the whole process, of the training steps, and the steps.
"""

import time

START = time.time()

import argparse
import json
import os

parser = argparse.ArgumentParser()
parser.add_argument("--teacher", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--images", type=int, default=45000)
parser.add_argument("--batch", type=int, default=256)
parser.add_argument("--exclude", nargs="*", default=[])
parser.add_argument("--how", choices=["one-by-one", "fused"], required=True)
options = parser.parse_args()

os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1")
import keras
import numpy as np
import tensorflow as tf

MEAN = np.array([0.49139968, 0.48215841, 0.44653091], np.float32)
STD = np.array([0.24703223, 0.24348513, 0.26158784], np.float32)
VALIDATION = 5000
# What decides what a layer computes, of all that a file says of it.
SETTINGS = ["name", "filters", "kernel_size", "strides", "padding", "use_bias", "activation", "epsilon", "pool_size", "units"]


def read_images():
    """All training images, prepared as the teacher expects them, and their labels."""
    raw = np.concatenate(
        [np.fromfile(f"{options.data}/data_batch_{i}.bin", np.uint8).reshape(-1, 3073) for i in range(1, 6)]
    )
    pixels = raw[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype(np.float32)
    return (pixels / 255 - MEAN) / STD, raw[:, 0].astype(np.int32)


def read_teacher():
    """The sample teacher as a Keras model, from the file of TensorFlow.js."""
    with open(options.teacher) as file:
        model = json.load(file)
    group = model["weightsManifest"][0]
    folder = os.path.dirname(options.teacher)
    values = np.concatenate([np.fromfile(os.path.join(folder, path), np.float32) for path in group["paths"]])
    weights, at = {}, 0
    for weight in group["weights"]:
        size = int(np.prod(weight["shape"]))
        weights[weight["name"]] = values[at : at + size].reshape(weight["shape"])
        at += size
    made, x = {}, None
    for layer in model["modelTopology"]["config"]["layers"]:
        config = {key: layer["config"][key] for key in SETTINGS if key in layer["config"]}
        if layer["class_name"] == "InputLayer":
            x = image = keras.Input((32, 32, 3))
        else:
            # A Sequential model has no connections: each layer takes what the one before it gives.
            given = [made[name] for name, *_ in (layer.get("inbound_nodes") or [[]])[0]] or [x]
            x = getattr(keras.layers, layer["class_name"])(**config)(given if len(given) > 1 else given[0])
        made[config["name"]] = x
    teacher = keras.Model(image, x)
    for layer in teacher.layers:
        if layer.weights:
            layer.set_weights([weights[f"{layer.name}/{weight.name}"] for weight in layer.weights])
    return teacher


def paper_block(convolution):
    """Two separable layers: the first with the layer's stride, the last followed by the layer's activation."""
    x = given = keras.Input(convolution.input.shape[1:])
    for strides, activation in [(convolution.strides, "relu"), (1, convolution.activation)]:
        x = keras.layers.SeparableConv2D(convolution.filters, 3, strides=strides, padding="same", activation=activation)(x)
    return keras.Model(given, x)


def train(teacher, names, images, order):
    """Trains the blocks of these layers with one pass of the teacher a step. Returns them with the seconds of the steps."""
    layers = [teacher.get_layer(name) for name in names]
    prefix = keras.Model(teacher.input, [tensor for layer in layers for tensor in (layer.input, layer.output)])
    blocks = [paper_block(layer) for layer in layers]
    variables = [variable for block in blocks for variable in block.trainable_variables]
    optimizer = keras.optimizers.RMSprop(keras.optimizers.schedules.ExponentialDecay(2e-3, 3000, 0.96, staircase=True))
    optimizer.build(variables)

    @tf.function
    def step(x):
        seen = prefix(x, training=False)
        with tf.GradientTape() as tape:
            losses = [
                tf.reduce_mean(tf.square(block(seen[2 * i], training=True) - seen[2 * i + 1]))
                for i, block in enumerate(blocks)
            ]
            loss = tf.add_n(losses)
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    batches = [order[at : at + options.batch] for at in range(0, len(order) - options.batch + 1, options.batch)]
    # The first step compiles, so the clock of the steps starts after it; the whole process has its own.
    loss = float(step(tf.constant(images[batches[0]])))
    began = time.time()
    for batch in batches[1:]:
        loss = step(tf.constant(images[batch]))
    float(loss)
    return blocks, time.time() - began, len(batches) - 1


def accuracy_with(teacher, name, block, images, labels):
    """Validation accuracy of the teacher with one layer replaced."""
    replaced = keras.models.clone_model(teacher, clone_function=lambda layer: block if layer.name == name else layer)
    network = tf.function(replaced)
    found = [np.argmax(network(tf.constant(images[at : at + 500])).numpy(), 1) for at in range(0, len(images), 500)]
    return float(np.mean(np.concatenate(found) == labels))


keras.utils.set_random_seed(0)
images, labels = read_images()
teacher = read_teacher()
names = [
    layer.name
    for layer in teacher.layers
    if isinstance(layer, keras.layers.Conv2D) and max(layer.kernel_size) > 1 and layer.name not in options.exclude
]
order = np.random.default_rng(0).permutation(options.images)
held = slice(len(images) - VALIDATION, None)
training, steps, accuracies = 0.0, 0, {}
for group in [names] if options.how == "fused" else [[name] for name in names]:
    blocks, seconds, count = train(teacher, group, images, order)
    training, steps = training + seconds, steps + count
    for name, block in zip(group, blocks):
        accuracies[name] = accuracy_with(teacher, name, block, images[held], labels[held])
print(json.dumps({"seconds": time.time() - START, "trainingSeconds": training, "steps": steps, "accuracies": accuracies}))
