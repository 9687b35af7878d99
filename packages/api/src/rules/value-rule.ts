/**
 * What the schema cannot express about a kind of value, wherever in the spec it stands: mostly what Kubernetes itself would refuse
 * only when the pods are created. Like the rules between fields (`rules.ts`), each is a predicate and CEL; `self` is the value. A
 * part of the schema names its kind by a keyword.
 */
export interface ValueRule<Value> {
  /** The field of the value that the user should look at; empty for the value itself. */
  readonly field: string;
  /** What is wrong, as a clause that follows the field's path. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  readonly cel: string;
  /** Called only for values that fit the schema. */
  holds(value: Value): boolean;
}
