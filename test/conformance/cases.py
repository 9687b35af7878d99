"""The networks of the conformance set: every layer that the reader knows, with every value of every key of its config."""

import itertools

# Height, width and channels differ, so that none is taken for another.
IMAGE = (5, 4, 2)
ROW = (10, 4)
ACTIVATIONS = """celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid
log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid sparsemax
squareplus tanh tanh_shrink threshold""".split()

CASES = []


class Case:
    """One layer in a network: what goes into its constructor, and the shape it is applied to."""

    def __init__(self, layer, shape, options, **extra):
        self.layer, self.shape, self.options = layer, shape, options
        # "keras 2" or "keras 3" where the other cannot build it, or where building it twice shows nothing.
        self.only = extra.get("only")
        # How many inputs a merging layer takes, and of which shapes.
        self.branches = extra.get("branches")
        # What is done to the layer after it is built, before it is saved: a method, or an attribute that becomes true.
        self.after = extra.get("after")
        # An input of bytes takes whole numbers: 0 to 255.
        self.bytes = options.get("dtype") == "uint8"
        text = ", ".join(f"{key}={short(value)}" for key, value in options.items()) or "as it is"
        shown = "" if shape == IMAGE else f" on {'x'.join(map(str, shape))}"
        shown += f", {self.branches}" if self.branches else ""
        shown += f", {self.after}" if self.after else ""
        self.name = f"{layer}: {text}{shown}"


def short(value):
    if isinstance(value, dict):
        return "+".join(f"{key}({short(inner)})" for key, inner in value.items())
    return str(value).replace(" ", "")


def case(layer, shape=IMAGE, only=None, branches=None, after=None, **options):
    CASES.append(Case(layer, shape, options, only=only, branches=branches, after=after))


def grid(layer, shape=IMAGE, only=None, base=None, **choices):
    """A case for each combination of some values."""
    for values in itertools.product(*choices.values()):
        case(layer, shape, only, **(base or {}), **dict(zip(choices, values)))


def each(layer, shape=IMAGE, only=None, base=None, **choices):
    """A case for each value, one key at a time."""
    for key, values in choices.items():
        for value in values:
            case(layer, shape, only, **{**(base or {}), key: value})


def weights(*names):
    """What a config says about weights besides their values."""
    kinds = {"initializer": "ones", "regularizer": {"L2": 0.5}, "constraint": {"MaxNorm": 0.1}}
    return {f"{name}_{kind}": value for name in names for kind, value in kinds.items()}


UNTRAINED = {"trainable": False, "activity_regularizer": {"L2": 0.5}}
OTHERS = {"trainable": False, "dtype": "float64"}


def convolutions():
    base = {"filters": 3, "kernel_size": 3}
    grid("Conv2D", base={"filters": 3}, kernel_size=[3, (2, 3), (4, 1)], strides=[1, 2, (2, 1)], padding=["valid", "same"])
    grid("Conv2D", base={"filters": 3}, kernel_size=[2, (3, 2)], dilation_rate=[2, (1, 2)], padding=["valid", "same"])
    each("Conv2D", base=base, use_bias=[False], activation=[*ACTIVATIONS, {"LeakyReLU": 0.1}, {"ReLU": 1.5}, {"Softmax": 1}, {"ELU": 0.5}])
    grid("Conv2D", base={"filters": 4, "kernel_size": 2}, groups=[2], padding=["valid", "same"], strides=[1, 2], activation=["linear", "hard_silu"])
    grid("Conv2D", (2, 5, 4), "keras 3", base, data_format=["channels_first"], strides=[1, 2], padding=["valid", "same"], activation=["relu", "hard_silu"])
    case("Conv2D", (2, 5, 4), "keras 3", filters=4, kernel_size=2, groups=2, data_format="channels_first")
    case("Conv2D", **base, **UNTRAINED, **weights("kernel", "bias"))
    case("Conv2D", **base, dtype="float64")

    base = {"filters": 3, "kernel_size": 2}
    grid("Conv1D", ROW, base={"filters": 3}, kernel_size=[2, 3], strides=[1, 2], padding=["valid", "same", "causal"])
    grid("Conv1D", ROW, base=base, dilation_rate=[2], padding=["valid", "same"])
    each("Conv1D", ROW, base=base, use_bias=[False], activation=["relu", "hard_silu"], filters=[2])
    case("Conv1D", ROW, filters=4, kernel_size=2, groups=2)
    case("Conv1D", ROW, "keras 3", **base, data_format="channels_first")
    case("Conv1D", ROW, **base, **UNTRAINED, **weights("kernel", "bias"))
    case("Conv1D", ROW, **base, dtype="float64")

    cube = (5, 2, 2, 2)
    grid("Conv3D", cube, base={"filters": 3}, kernel_size=[2, (3, 1, 2)], strides=[1, 2], padding=["valid", "same"])
    each("Conv3D", cube, base=base, use_bias=[False], activation=["relu", "hard_silu"], filters=[2], dilation_rate=[(2, 1, 1)])
    case("Conv3D", (5, 4, 2, 1), filters=2, kernel_size=2, dilation_rate=(2, 3, 1), padding="same")
    case("Conv3D", cube, filters=4, kernel_size=(2, 1, 1), groups=2, dilation_rate=(2, 1, 1))
    case("Conv3D", cube, filters=4, kernel_size=1, groups=2)
    case("Conv3D", cube, "keras 3", **base, data_format="channels_first")
    case("Conv3D", cube, **base, **UNTRAINED, **weights("kernel", "bias"))
    case("Conv3D", cube, **base, dtype="float64")

    grid("Conv2DTranspose", base={"filters": 3}, kernel_size=[2, 3, (3, 2)], strides=[1, 2, (2, 1), 3], padding=["valid", "same"])
    grid("Conv2DTranspose", base={"filters": 3}, kernel_size=[2, 3], dilation_rate=[2, (2, 1)], padding=["valid", "same"])
    each("Conv2DTranspose", base=base, use_bias=[False], activation=["relu", "hard_silu"], filters=[2], output_padding=[0])
    case("Conv2DTranspose", filters=3, kernel_size=3, strides=2, padding="same", output_padding=1)
    case("Conv2DTranspose", (2, 5, 4), "keras 3", **base, data_format="channels_first")
    case("Conv2DTranspose", (2, 5, 4), "keras 3", **base, data_format="channels_first", dilation_rate=2)
    case("Conv2DTranspose", **base, **UNTRAINED, **weights("kernel", "bias"))
    case("Conv2DTranspose", **base, dtype="float64")

    base = {"kernel_size": 2}
    grid("DepthwiseConv2D", kernel_size=[3, (2, 3)], strides=[1, 2], padding=["valid", "same"])
    grid("DepthwiseConv2D", kernel_size=[2, (3, 2)], dilation_rate=[2, (2, 1)], padding=["valid", "same"], depth_multiplier=[1, 2])
    each("DepthwiseConv2D", base=base, use_bias=[False], activation=["relu", "hard_silu"], depth_multiplier=[3])
    case("DepthwiseConv2D", only="keras 3", kernel_size=2, strides=(2, 1))
    case("DepthwiseConv2D", (2, 5, 4), "keras 3", kernel_size=2, data_format="channels_first", depth_multiplier=2)
    case("DepthwiseConv2D", (2, 5, 4), "keras 3", kernel_size=2, data_format="channels_first", dilation_rate=2)
    case("DepthwiseConv2D", kernel_size=2, **UNTRAINED, **weights("depthwise", "bias"))
    case("DepthwiseConv2D", kernel_size=2, dtype="float64")

    base = {"filters": 3, "kernel_size": 2}
    grid("SeparableConv2D", base={"filters": 3}, kernel_size=[3, (2, 3)], strides=[1, 2], padding=["valid", "same"], depth_multiplier=[1, 2])
    grid("SeparableConv2D", base=base, dilation_rate=[2, (2, 1)], padding=["valid", "same"])
    each("SeparableConv2D", base=base, use_bias=[False], activation=["relu", "hard_silu"], filters=[2])
    case("SeparableConv2D", only="keras 3", **base, strides=(2, 1))
    case("SeparableConv2D", (2, 5, 4), "keras 3", **base, data_format="channels_first")
    case("SeparableConv2D", **base, **UNTRAINED, **weights("depthwise", "pointwise", "bias"))
    case("SeparableConv2D", **base, dtype="float64")

    for shape in [(40,), (10, 4), IMAGE, (5, 2, 2, 2)]:
        each("Dense", shape, base={"units": 3}, use_bias=[True, False], activation=["relu", "hard_silu"])
    case("Dense", units=2, **UNTRAINED, **weights("kernel", "bias"))
    case("Dense", units=2, dtype="float64")
    case("Dense", units=2, only="keras 3", after="lora")
    case("Dense", units=2, only="keras 3", after="int8")
    case("Conv2D", only="keras 3", filters=3, kernel_size=2, after="lora")


def normalizations():
    each("BatchNormalization", axis=[-1, 3, 1, 2, -2, -3, [3]], epsilon=[0.1], center=[False], scale=[False])
    case("BatchNormalization", center=False, scale=False, axis=1)
    for shape in [(40,), (10, 4), (5, 2, 2, 2)]:
        case("BatchNormalization", shape)
    case("BatchNormalization", (10, 4), axis=1)
    case("BatchNormalization", trainable=False, momentum=0.5, **weights("beta", "gamma"))
    # Ones are the default of this one.
    each("BatchNormalization", gamma_initializer=["zeros", "random_normal"], axis=[-1], base={"beta_initializer": "random_normal"})
    case("BatchNormalization", dtype="float64", moving_mean_initializer="ones", moving_variance_initializer="zeros")
    case("BatchNormalization", only="keras 3", renorm_momentum=0.5)
    case("BatchNormalization", only="keras 3", after="synchronized")
    case("BatchNormalization", only="keras 3", renorm=True, renorm_clipping={"rmax": 2.0})

    each("Normalization", axis=[-1, 3, None, 1, (1, 2, 3), (1, 3)], invert=[True])
    case("Normalization", axis=None, invert=True)
    for axis in [-1, None, 1, (1, 2, 3)]:
        case("Normalization", axis=axis, mean=0.25, variance=4.0)
    case("Normalization", mean=[0.25, 0.5], variance=[4.0, 0.25])
    case("Normalization", mean=[0.25, 0.5], variance=[4.0, 0.25], invert=True)
    case("Normalization", mean=[0.25], variance=[4.0])
    case("Normalization", axis=(1, 2, 3), mean=[[[0.25, 0.5]]], variance=[[[4.0, 0.25]]])
    case("Normalization", axis=(1, 3), mean=[[0.1], [0.2], [0.3], [0.4], [0.5]], variance=[[1.0], [2.0], [3.0], [4.0], [5.0]])
    case("Normalization", axis=(1, 3), mean=[[0.25, 0.5]], variance=[[4.0, 0.25]])
    case("Normalization", axis=1, mean=[0.1, 0.2, 0.3, 0.4, 0.5], variance=[1.0, 2.0, 3.0, 4.0, 5.0])
    case("Normalization", mean=[0.25, 0.5], variance=[0.0, 0.25])
    for shape in [(4,), (10, 4), (5, 2, 2, 2)]:
        case("Normalization", shape)
        case("Normalization", shape, axis=None)
    case("Normalization", **OTHERS)

    each("Rescaling", base={"scale": 0.5}, offset=[0.0, -1.0, [0.25, -0.5]])
    each("Rescaling", base={"offset": 0.25}, scale=[2.0, [2.0, -0.5], [2.0], {"array": [2.0, -0.5]}, {"array": [[[2.0, -0.5]]]}])
    case("Rescaling", scale=[2.0, -0.5], offset=[0.25, -0.5])
    case("Rescaling", scale={"array": [[2.0, -0.5]] * 4}, offset=0.0)
    for shape in [(4,), (10, 4), (5, 2, 2, 4)]:
        case("Rescaling", shape, scale=[2.0, -0.5, 1.5, 3.0], offset=0.25)
    case("Rescaling", scale=2.0, **OTHERS)


def activations():
    each("Activation", activation=ACTIVATIONS)
    case("Activation", (40,), activation="softmax")
    case("Activation", activation="relu", **OTHERS)
    case("ReLU")
    each("ReLU", max_value=[0.5, 6.0], negative_slope=[0.25], threshold=[0.5])
    case("ReLU", max_value=0.5, negative_slope=0.25)
    case("ReLU", max_value=0.75, negative_slope=0.25, threshold=0.5)
    case("ReLU", **OTHERS)
    case("LeakyReLU")
    each("LeakyReLU", negative_slope=[0.0, 0.125])
    case("LeakyReLU", **OTHERS)
    each("PReLU", shared_axes=[None, [1], [1, 2], [3], [1, 2, 3]])
    case("PReLU", trainable=False, dtype="float64", **weights("alpha"))
    each("ELU", alpha=[1.0, 0.5, 2.0, 0.0])
    case("ELU", **OTHERS)
    each("Softmax", axis=[-1, 1, 2, 3, -2, [3], [1], [1, 2], [-1, 1], [1, 2, 3]])
    case("Softmax", (40,))
    case("Softmax", (10, 4), axis=1)
    case("Softmax", **OTHERS)


def merges():
    for layer in ["Add", "Multiply", "Average", "Maximum", "Minimum"]:
        for branches in ["two", "three", "a pixel", "a vector"]:
            case(layer, branches=branches)
        case(layer, branches="two", **OTHERS)
    for axis in [-1, 1, 2, 3, -2, 0]:
        case("Concatenate", branches="two", axis=axis)
    case("Concatenate", branches="three", axis=-1)
    case("Concatenate", (40,), branches="two", axis=1)
    case("Concatenate", branches="two", axis=-1, **OTHERS)


def places():
    first = {"shape": (2, 5, 4), "only": "keras 3", "data_format": "channels_first"}
    for layer in ["MaxPooling2D", "AveragePooling2D"]:
        grid(layer, pool_size=[2, (3, 2)], strides=[None, 1, 2, (2, 1)], padding=["valid", "same"])
        for padding in ["valid", "same"]:
            case(layer, **first, pool_size=2, padding=padding)
        case(layer, pool_size=2, **OTHERS)
    for layer in ["GlobalAveragePooling2D", "GlobalMaxPooling2D"]:
        each(layer, keepdims=[False, True])
        for keepdims in [False, True]:
            case(layer, **first, keepdims=keepdims)
        case(layer, **OTHERS)
    for layer, key in [("ZeroPadding2D", "padding"), ("Cropping2D", "cropping")]:
        each(layer, **{key: [1, (1, 0), ((1, 0), (0, 2)), 0]})
        case(layer, **first, **{key: ((1, 0), (0, 2))})
        case(layer, **{key: 1}, **OTHERS)
    grid("UpSampling2D", size=[2, 3, (2, 3), (1, 4), (5, 2), 1], interpolation=["nearest", "bilinear"])
    each("UpSampling2D", interpolation=["bicubic", "lanczos3", "lanczos5"])
    each("UpSampling2D", only="keras 2", interpolation=["area", "gaussian", "mitchellcubic"])
    for interpolation in ["nearest", "bilinear"]:
        case("UpSampling2D", **first, size=(2, 3), interpolation=interpolation)
    case("UpSampling2D", **OTHERS)
    case("Flatten")
    case("Flatten", (40,))
    case("Flatten", (2, 5, 4), data_format="channels_first")
    case("Flatten", **OTHERS)
    each("Reshape", target_shape=[(4, 5, 2), (-1, 2), (40,), (1, 1, -1)])
    case("Reshape", target_shape=(40,), **OTHERS)
    each("Permute", dims=[(1, 2, 3), (2, 1, 3), (3, 1, 2)])
    case("Permute", (10, 4), dims=(2, 1))
    case("Permute", dims=(2, 1, 3), **OTHERS)


def training():
    """Layers that do nothing at inference."""
    noise = {"rate": [0.25, 0.5], "seed": [1], "trainable": [False], "dtype": ["float64"]}
    each("Dropout", base={"rate": 0.5}, **noise, noise_shape=[(None, 1, 1, 2)])
    each("AlphaDropout", base={"rate": 0.5}, **noise)
    case("AlphaDropout", only="keras 3", rate=0.5, noise_shape=(1, 1, 1, 2))
    each("GaussianDropout", base={"rate": 0.5}, **noise)
    each("SpatialDropout2D", base={"rate": 0.5}, **noise)
    case("SpatialDropout2D", only="keras 3", rate=0.5, data_format="channels_first")
    each("GaussianNoise", base={"stddev": 0.5}, stddev=[0.25], seed=[1], trainable=[False], dtype=["float64"])
    each("ActivityRegularization", l1=[0.5], l2=[0.5], trainable=[False], dtype=["float64"])
    each("Identity", trainable=[True, False], dtype=["float64"])

    common = {"seed": [1], "trainable": [False], "dtype": ["float64"]}
    filled = {**common, "fill_mode": ["nearest"], "fill_value": [0.5], "interpolation": ["nearest"]}
    shape = (5, 4, 3)
    each("RandomBrightness", shape, base={"factor": 0.5}, **common, factor=[0.25], value_range=[(0, 1)])
    each("RandomContrast", shape, base={"factor": 0.5}, **common, factor=[0.25])
    each("RandomFlip", shape, **common, mode=["horizontal"])
    each("RandomRotation", shape, base={"factor": 0.5}, **filled, factor=[0.25])
    each("RandomTranslation", shape, base={"height_factor": 0.5, "width_factor": 0.5}, **filled, height_factor=[0.25], width_factor=[0.25])
    each("RandomZoom", shape, base={"height_factor": 0.5}, **filled, height_factor=[0.25], width_factor=[0.25])
    for layer, base in {"RandomBrightness": {"factor": 0.5}, "RandomContrast": {"factor": 0.5}, "RandomFlip": {}, "RandomRotation": {"factor": 0.5},
                        "RandomTranslation": {"height_factor": 0.5, "width_factor": 0.5}, "RandomZoom": {"height_factor": 0.5}}.items():
        case(layer, (3, 5, 4), "keras 3", **base, data_format="channels_first")
    case("RandomContrast", shape, "keras 3", factor=0.5, value_range=(0, 1))


def inputs():
    each("InputLayer", batch_size=[1], dtype=["float64", "uint8"])
    case("InputLayer", optional=True)
    case("InputLayer", after="sparse")
    case("InputLayer", after="ragged")


convolutions()
normalizations()
activations()
merges()
places()
training()
inputs()
