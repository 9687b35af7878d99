import type { V1ConfigMap, V1Deployment, V1Job, V1Pod, V1PersistentVolumeClaim } from '@kubernetes/client-node';

/** Types of API objects in their JSON form. */

export interface WireMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The generated classes with dates as strings, as they are in JSON. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer U)[]
    ? readonly Wire<U>[]
    : T extends object
      ? { readonly [K in keyof T]: Wire<T[K]> }
      : T;

export type WireJob = Wire<V1Job>;
export type WirePod = Wire<V1Pod>;
export type WireConfigMap = Wire<V1ConfigMap>;
export type WireClaim = Wire<V1PersistentVolumeClaim>;
export type WireDeployment = Wire<V1Deployment>;
