import tseslint from 'typescript-eslint';

/** What each package may import of the others; the picture is in docs/architecture.md. */
export const ARROWS = {
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

/** Packages are entered by their named exports; sources import no tests, tools or insides of others by a path. */
const arrows = Object.entries(ARROWS).flatMap(([folder, allowed]) => {
  const others = {
    regex: `^@distillation/(?!(${[...allowed, '-'].join('|')})/)`,
    message: `${folder} may import ${allowed.length === 0 ? 'no other package' : allowed.join(', ')} only (ARROWS in eslint.config.js, docs/architecture.md).`,
  };
  const paths = (regex) => ({
    regex,
    message: 'Import another package by its named exports (package.json), and nothing that only tests use.',
  });
  return [
    {
      files: [`${folder}/**/*.ts`],
      ignores: [`${folder}/**/*.test.ts`, `${folder}/test/**`],
      rules: {
        'no-restricted-imports': ['error', { patterns: [others, paths('^\\.\\.?/(.*/)?(src|test|tools|bench)/')] }],
      },
    },
    {
      files: [`${folder}/**/*.test.ts`, `${folder}/test/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              others,
              paths(
                '^\\.\\./(.*/)?(operator|worker|cli|packages/[^/]+|\\.\\./(api|core|kube|ledger|runtime|native-addon))/src/',
              ),
            ],
          },
        ],
      },
    },
  ];
});

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'distill-data/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A function of more than three things takes one object: call sites then name what they pass.
      'max-params': ['error', 3],
      // Types vanish at run time; an import that says so cannot load a module by accident.
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers in messages are the common case here and are safe.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // One Node loop may await in sequence on purpose (epochs, batches); the rule only adds noise.
      'no-await-in-loop': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrel files: import from the module that defines it.' },
        { selector: 'TSEnumDeclaration', message: 'Enums need a compile step: use a union of string literals.' },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Results depend on (seed, epoch, sample) alone: use a stream from packages/core/src/random.ts.',
        },
      ],
    },
  },
  ...arrows,
  {
    files: ['tools/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '/packages/[^/]+/src/', message: 'Import a package by its named exports (package.json).' },
          ],
        },
      ],
    },
  },
);
