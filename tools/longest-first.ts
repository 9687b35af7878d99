import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Small files whose tests take minutes. Vitest starts large files first, and so one of these last, when nothing runs beside it. */
const LONG = ['test/local/same-student.test.ts'];

/** The order of vitest, after the files that are known to take long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((name) => moduleId.endsWith(name));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
