import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules/', 'distill-data/', 'coverage/'] },
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
);
