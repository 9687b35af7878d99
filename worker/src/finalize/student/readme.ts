import { preprocessingText } from '@distillation/api/preprocessing';
import { bytes, count, percent, plural, points, ratio, short } from '@distillation/api/format';
import type { StudentCard } from './card.ts';
import type { OtherFormat, StudentFile } from './formats.ts';

/** How a file of each format is loaded. */
const LOADING: Readonly<Record<OtherFormat, (file: StudentFile, shape: readonly number[]) => string>> = {
  Keras: ({ file }, shape) => `In Python, by Keras 3.4 or later on any of its backends:

\`\`\`python
import json, zipfile
import keras, numpy as np
student = keras.saving.load_model('student/${file}')
images = np.zeros((1, ${shape.join(', ')}), 'float32') # prepared pixels, see below
scores = np.asarray(student(images, training=False))
about = json.loads(zipfile.ZipFile('student/${file}').read('metadata.json')) # classes, preprocessing, origin
print(scores.argmax(-1)[0], about['classes'])
\`\`\`
`,
  Onnx: ({ file, input }, shape) => {
    const isPixels = input === 'Pixels';
    const size = shape.reduce((product, length) => product * length, 1);
    const [type, array] = isPixels ? (['uint8', 'Uint8Array'] as const) : (['float32', 'Float32Array'] as const);
    const what = isPixels ? `${eightBit(shape)} as they are` : 'prepared pixels, see below';
    return `By ONNX Runtime, in Python; in Java, C# and C++ it is the same:

\`\`\`python
import json
import numpy as np, onnxruntime
student = onnxruntime.InferenceSession('student/${file}')
images = np.zeros((1, ${shape.join(', ')}), '${type}') # ${what}; any number of images
(scores,) = student.run(None, {'images': images})
about = student.get_modelmeta().custom_metadata_map # classes, preprocessing, origin
print(scores.argmax(-1)[0], json.loads(about['classes']))
\`\`\`

and in Node, by the package \`onnxruntime-node\`:

\`\`\`js
import ort from 'onnxruntime-node';
const student = await ort.InferenceSession.create('student/${file}');
const shape = [1, ${shape.join(', ')}];
const images = new ort.Tensor('${type}', new ${array}(${size}), shape); // ${what}
const [scores] = Object.values(await student.run({ images }));
console.log(scores.data.indexOf(Math.max(...scores.data)));
\`\`\`
`;
  },
};

/** What the network sees, before it is prepared. */
const eightBit = (shape: readonly number[]): string => `8-bit ${shape.at(-1) === 1 ? 'grey' : 'RGB'} pixels`;

/** Which of the files take pixels as they are. */
const itself = ({ files = [] }: StudentCard): string => {
  const found = files.filter(({ input }) => input === 'Pixels').map(({ file }) => `\`${file}\``);
  return found.length === 0 ? '' : `, which ${found.join(', ')} does itself`;
};

/** Names that come from the user's files, for Markdown: nothing in them is markup, and nothing turns what stands behind it. */
const printable = (name: string): string => name.replace(/\p{C}/gu, '�');
const code = (name: string): string => `\`${printable(name).replaceAll('`', '�')}\``;
const text = (name: string): string =>
  printable(name).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Teacher, student, and what lies between them. */
function tableRows({ accuracy, size: { teacher, student } }: StudentCard): string {
  const { control } = accuracy;
  const compared = (split: 'test' | 'validation', teacher = accuracy.teacher, name = `${split} accuracy`): string[] => {
    const [before, after] = [teacher[split], accuracy.student[split]];
    const difference = before === undefined || after === undefined ? '' : points(after - before);
    return [name, percent(before), percent(after), difference];
  };
  const rows = [
    compared('test'),
    compared('validation'),
    ...(control === undefined ? [] : [compared('test', control, 'test accuracy, the teacher fine-tuned as long')]),
    ['parameters', count(teacher.params), count(student.params), ratio(teacher.params, student.params)],
    ['multiply-accumulates an image', short(teacher.macs), short(student.macs), ratio(teacher.macs, student.macs)],
    ['TensorFlow.js files', bytes(teacher.bytes), bytes(student.bytes), ratio(teacher.bytes, student.bytes)],
  ];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The model card for people: what the student is, how good it is, how to load it. */
export function studentReadme(card: StudentCard): string {
  const { input, output } = card;
  const replaced = card.blocks.filter((block) => block.replaced).map(({ layer }) => layer);
  const pixels = preprocessingText(input.preprocessing);
  return `# ${text(card.job)}

${replaced.length === 0 ? (card.outcome === 'NoBlockTrained' ? 'The teacher itself: every block failed to train.' : `The teacher itself: ${card.recipe.selection.rule === 'Budget' ? 'within the budget no student is better.' : 'no block was good enough to replace a layer.'}`) : `A student of ${plural(replaced.length, 'replaced layer')}: ${replaced.map(code).join(', ')}.`}

| | teacher | student | |
|---|---|---|---|
${tableRows(card)}

## Load it

From the folder that holds \`student/\`.

\`\`\`js
import * as tf from '@tensorflow/tfjs-node';
const student = await tf.loadLayersModel('file://student/model.json');
const about = student.getUserDefinedMetadata(); // classes, preprocessing
const images = tf.zeros([1, ${input.shape.join(', ')}]); // prepared pixels, see below
const scores = student.predict(images);
const best = scores.argMax(-1).dataSync()[0];
console.log(best, about?.classes);
\`\`\`

${(card.files ?? []).map((file) => `${LOADING[file.format](file, input.shape)}\n`).join('')}Input: [batch, ${input.shape.join(', ')}], ${eightBit(input.shape)} prepared by \`${pixels}\`${input.preprocessing.mode === 'Custom' ? ', (pixel x scale - mean) / std for each channel' : ''}${itself(card)}. Output: ${output.kind === 'Logits' ? 'logits' : 'probabilities'} of ${output.classes.length === 0 ? 'the classes' : plural(output.classes.length, 'class', 'classes')}${output.classes.length > 0 && output.classes.length <= 20 ? ` (${output.classes.map(text).join(', ')})` : ''}.
Everything that made it is in \`card.json\`; its measured speed and how its blocks learned are in \`report.html\`, beside this folder.
`;
}
