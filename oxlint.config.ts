import { defineConfig, type OxlintOverride } from 'oxlint';

/** What each package may import of the others; the table "What is where" of docs/architecture.md says the same. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'packages/api': [],
  'packages/kube': [],
  'packages/native-addon': ['runtime'],
  'packages/runtime': ['api'],
  'packages/core': ['api'],
  'packages/ledger': ['api', 'core'],
  operator: ['api', 'core', 'kube', 'runtime'],
  worker: ['api', 'core', 'ledger', 'runtime'],
  cli: ['api', 'core', 'kube', 'ledger', 'native-addon', 'runtime', 'worker'],
};

const TOP = Object.keys(ARROWS).filter((folder) => !folder.includes('/'));
/** Those that reach each other by a path that does not name their folder. */
const SHARED = Object.keys(ARROWS).flatMap((folder) => folder.split('packages/').slice(1));

type Pattern = ({ readonly regex: string } | { readonly group: string[] }) & { readonly message: string };

const restricted = (files: string[], ...patterns: Pattern[]): OxlintOverride => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

/** Packages are entered by their named exports; sources import no tests, tools or insides of others by a path. */
const arrows = Object.entries(ARROWS).flatMap(([folder, allowed]) => {
  const others = {
    group: ['@distillation/*/**', ...allowed.map((name) => `!@distillation/${name}/**`)],
    message: `${folder} may import ${allowed.length === 0 ? 'no other package' : allowed.join(', ')} only (ARROWS in oxlint.config.ts, docs/architecture.md).`,
  };
  const paths = (regex: string): Pattern => ({
    regex,
    message: 'Import another package by its named exports (package.json), and nothing that only tests use.',
  });
  const insides = `^\\.\\./(.*/)?(${TOP.join('|')}|packages/[^/]+|\\.\\./(${SHARED.join('|')}))/src/`;
  return [
    restricted([`${folder}/**/*.ts`], others, paths('^\\.\\.?/(.*/)?(src|test|tools|bench)/')),
    // Behind the former, whose place it takes for these files.
    restricted([`${folder}/**/*.test.ts`, `${folder}/test/**/*.ts`], others, paths(insides)),
  ];
});

/** Beside Oxlint's own category of what is wrong for certain: typescript-eslint's `strict` and `stylistic` rules. */
const STRICT = [
  'no-array-constructor',
  'no-empty-function',
  'no-useless-constructor',
  'no-var',
  'prefer-const',
  'prefer-rest-params',
  'prefer-spread',
  ...[
    'adjacent-overload-signatures array-type ban-tslint-comment class-literal-property-style',
    'consistent-generic-constructors consistent-indexed-object-style consistent-type-assertions dot-notation',
    'no-confusing-non-null-assertion no-confusing-void-expression no-deprecated no-dynamic-delete',
    'no-empty-object-type no-explicit-any no-extraneous-class no-inferrable-types',
    'no-invalid-void-type no-misused-promises no-mixed-enums no-namespace',
    'no-non-null-asserted-nullish-coalescing no-non-null-assertion no-require-imports',
    'no-unnecessary-boolean-literal-compare no-unnecessary-condition no-unnecessary-template-expression',
    'no-unnecessary-type-arguments no-unnecessary-type-assertion no-unnecessary-type-constraint',
    'no-unnecessary-type-conversion no-unnecessary-type-parameters no-unsafe-argument no-unsafe-assignment',
    'no-unsafe-call no-unsafe-enum-assignment no-unsafe-enum-comparison',
    'no-unsafe-function-type no-unsafe-member-access no-unsafe-return no-useless-default-assignment',
    'non-nullable-type-assertion-style only-throw-error prefer-find prefer-for-of prefer-function-type',
    'prefer-includes prefer-literal-enum-member prefer-nullish-coalescing prefer-optional-chain',
    'prefer-promise-reject-errors prefer-reduce-type-parameter prefer-regexp-exec prefer-return-this-type',
    'prefer-string-starts-ends-with related-getter-setter-pairs require-await unified-signatures',
    'use-unknown-in-catch-callback-variable',
  ].flatMap((names) => names.split(' ').map((name) => `typescript/${name}`)),
];

export default defineConfig({
  plugins: ['typescript', 'oxc', 'import', 'promise', 'node'],
  categories: { correctness: 'error' },
  // The types themselves are checked in the same go, with the compiler of TypeScript 7.
  options: { typeAware: true, typeCheck: true },
  ignorePatterns: ['node_modules/', 'dist/', 'distill-data/', 'coverage/', '**/*.js'],
  rules: {
    ...Object.fromEntries(STRICT.map((rule) => [rule, 'error'] as const)),
    // A function of more than three things takes one object: call sites then name what they pass.
    'max-params': ['error', { max: 3 }],
    'typescript/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
    'typescript/consistent-type-definitions': ['error', 'interface'],
    // Types vanish at run time; an import that says so cannot load a module by accident.
    'typescript/consistent-type-imports': 'error',
    'typescript/restrict-plus-operands': [
      'error',
      { allowAny: false, allowBoolean: false, allowNullish: false, allowNumberAndString: false, allowRegExp: false },
    ],
    // Numbers in messages are the common case here and are safe.
    'typescript/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    // Import from the module that defines it.
    'oxc/no-barrel-file': ['error', { threshold: 0 }],
    // Where an order only has to be the same, that of strings will do.
    'typescript/require-array-sort-compare': 'off',
    'no-restricted-properties': [
      'error',
      {
        object: 'Math',
        property: 'random',
        message: 'Results depend on (seed, epoch, sample) alone: use a stream from packages/core/src/random.ts.',
      },
    ],
  },
  overrides: [
    ...arrows,
    restricted(['tools/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'], {
      regex: '/packages/[^/]+/src/',
      message: 'Import a package by its named exports (package.json).',
    }),
  ],
});
