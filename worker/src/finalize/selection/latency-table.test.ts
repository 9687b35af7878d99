import { expect, test } from 'vitest';
import { type About, covers, latenciesIn, readLatencyTable, tableOf } from './latency-table.ts';

const block = (name: string, layer: string, params = 10): About['blocks'][number] => ({
  name,
  params,
  macs: 7,
  layer: { name: layer },
});
const ABOUT: About = {
  teacherSha256: 'T',
  batch: 8,
  blocks: [block('a@x', 'a'), block('a@y', 'a'), block('b', 'b')],
};
const times = (teacher: number) => ({
  runtime: 'ONNX Runtime 1.30.0',
  teacher,
  layers: new Map([
    ['a', 600],
    ['b', 500],
  ]),
  blocks: new Map([
    ['a@x', 200.4],
    ['a@y', 650],
    ['b', 100],
  ]),
});
const TABLE = tableOf(times(1000), ABOUT);

test('a table is read as it was written', () => {
  expect(readLatencyTable(JSON.parse(JSON.stringify(TABLE)))).toEqual({ as: 'Value', value: TABLE });
  expect(TABLE.layers[0]).toMatchObject({ layer: 'a', time: 600, blocks: [{ time: 200 }, { time: 650 }] });
});

test('a table serves every plan whose blocks it has, with this teacher and batch', () => {
  expect(covers(TABLE, ABOUT)).toBe(true);
  expect(covers(TABLE, { ...ABOUT, blocks: ABOUT.blocks.slice(1) })).toBe(true);
  expect(covers(TABLE, { ...ABOUT, batch: 4 })).toBe(false);
  expect(covers(TABLE, { ...ABOUT, teacherSha256: 'U' })).toBe(false);
  expect(covers(TABLE, { ...ABOUT, blocks: [block('b', 'b', 11)] })).toBe(false);
  expect(covers(TABLE, { ...ABOUT, blocks: [block('c', 'c')] })).toBe(false);
});

test('times are taken as they are', () => {
  const { teacher, layers, blocks } = latenciesIn(TABLE);
  expect(teacher).toBe(1000);
  expect([...layers, ...blocks]).toEqual([
    ['a', 600],
    ['b', 500],
    ['a@x', 200],
    ['a@y', 650],
    ['b', 100],
  ]);
});

test('where parts save more than the whole takes, all count for less, and every student takes some time', () => {
  const { teacher, layers, blocks } = latenciesIn(tableOf(times(400), ABOUT));
  const saved = (layer: string, name: string): number => (layers.get(layer) ?? 0) - (blocks.get(name) ?? 0);
  const least = teacher - saved('a', 'a@x') - saved('b', 'b');
  expect(least).toBeGreaterThanOrEqual(0.05 * 400 - 2);
  expect(least).toBeLessThanOrEqual(0.05 * 400 + 2);
  expect(saved('a', 'a@y')).toBeLessThan(0);
});
