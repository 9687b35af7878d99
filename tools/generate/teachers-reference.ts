import type { Attribute } from '../../worker/src/teacher/layers/attributes.ts';
import { ACTIVATION_NAMES } from '../../worker/src/teacher/layers/activations.ts';
import { COMMON, type LayerKind } from '../../worker/src/teacher/layers/kind.ts';
import { KINDS } from '../../worker/src/teacher/layers/kinds.ts';

/** `docs/reference/teachers.md`, from the reader's table of layers. */

type Keys = Readonly<Record<string, Attribute>>;

/** Groups classes with the same description. */
function groups(): [classes: string[], kind: LayerKind][] {
  const byText = new Map<string, [string[], LayerKind]>();
  for (const [className, kind] of Object.entries(KINDS)) {
    if (kind.identity === true) continue;
    const text = JSON.stringify([...Object.keys(kind.attributes), section(kind)]);
    const known = byText.get(text);
    if (known === undefined) byText.set(text, [[className], kind]);
    else known[0].push(className);
  }
  return [...byText.values()];
}

function section(kind: LayerKind): string {
  const parts = [table(kind.attributes), idle(kind.attributes), kind.note ?? ''];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Keys that affect the output. */
function table(keys: Keys): string {
  const rows = Object.entries(keys)
    .filter(([, { effect }]) => effect === 'computed' || effect === 'fixed')
    .map(([key, { words, refused = '' }]) => `| \`${key}\` | ${words} | ${refused} |`);
  return rows.length === 0 ? '' : ['| Key | Computed | Refused |', '|---|---|---|', ...rows].join('\n');
}

/** Keys that do not affect the output. */
function idle(keys: Keys): string {
  const words = new Map<string, string[]>();
  for (const [key, attribute] of Object.entries(keys)) {
    if (attribute.effect === 'computed' || attribute.effect === 'fixed') continue;
    words.set(attribute.words, [...(words.get(attribute.words) ?? []), `\`${key}\``]);
  }
  if (words.size === 0) return '';
  return `Without effect on the output: ${[...words].map(([why, names]) => `${names.join(', ')} (${why})`).join('; ')}.`;
}

const identities = Object.entries(KINDS)
  .filter(([, { identity }]) => identity === true)
  .map(([className]) => `\`${className}\``);

export function teachersReferenceText(): string {
  return `<!-- Generated from worker/src/teacher/layers/ by \`npm run generate\`; do not edit. -->

# Teachers

What a teacher may be made of: every layer that is read, with every key of its config. Functions and layers
of your own cannot be read.

What is not on this page is refused with \`DISTILL_E_TEACHER_LAYER\` before anything is computed: a layer of another class, a key that is
not listed, a value that is not computed. The message names the layer, its class, the key and its value, and says what to do instead.

All of it is compared with Keras itself, 3.15 and 2.21: each class with every value of every key, in every file format, and what has no
effect on the output is varied too (\`test/conformance/\`).

Where TensorFlow.js has no such layer, or computes another output by it than Keras, layers that it has take the place of it. They are in
the student too, which any TensorFlow.js loads.

## File formats

| File | Written by |
|---|---|
| \`.keras\` | Keras 3, and Keras 2 from 2.12 on |
| \`.h5\`, the whole model | Keras 2 and 3 |
| \`model.json\` and weight files, a LayersModel | TensorFlow.js, and its converter from Keras |

A config means what it meant to whom wrote it, by the \`keras_version\` that the file has: \`hard_sigmoid\` is another function in Keras 3
than in Keras 2 and TensorFlow.js, and \`bilinear\` of a model that TensorFlow.js itself has made goes from corners of pixels.

A student is a LayersModel, and read as a teacher it is the network that it was: the names that its layers had where TensorFlow.js takes no such
names, and which of them only prepare images or write one score as two, are in its \`userDefinedMetadata\`,
beside its classes and its preprocessing.

The weights of a LayersModel are found by name; by their order where layers were renamed or nested models hold layers of the same names. A
file in which neither tells is refused with \`DISTILL_E_TEACHER_FORMAT\`.

## Activations

${ACTIVATION_NAMES.map((name) => `\`${name}\``).join(', ')}. Those that TensorFlow.js lacks become layers behind the layer.

## Every layer

${idle(COMMON)}

Layers that do nothing at inference are left out of the network: ${identities.join(', ')}. No value of their keys has an effect on the output.

${groups()
  .map(([classes, kind]) => `## ${classes.join(', ')}\n\n${section(kind) || 'Nothing else.'}`)
  .join('\n\n')}
`;
}
