import { isUnified } from './cgroups.ts';

/** Configuration files of a node's daemons. */

/** Plugins of containerd that this machine may not support, and that no node needs. */
export const OPTIONAL_PLUGINS = [
  ...['btrfs', 'zfs', 'aufs', 'devmapper'].map((name) => `io.containerd.snapshotter.v1.${name}`),
  'io.containerd.internal.v1.opt',
];

export interface NodeSettings {
  readonly folder: string;
  readonly address: string;
  /** Range of its pods' addresses. */
  readonly pods: string;
  /** Parent control group of its pods. */
  readonly group: string;
  readonly nameServer: string;
  readonly pauseImage: string;
}

export function containerdConfig({ folder, pauseImage }: NodeSettings): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${folder}/containerd/root"
state = "${folder}/containerd/state"
disabled_plugins = ${JSON.stringify(OPTIONAL_PLUGINS)}
[grpc]
  address = "${folder}/containerd.sock"
[${cri}]
  sandbox_image = "${pauseImage}"
  disable_apparmor = true
  # In a container of its own this machine may not lower a process's score.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
[${cri}.cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${folder}/cni"
[${cri}.containerd]
  snapshotter = "overlayfs"
  default_runtime_name = "runc"
[${cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.runc.options]
  SystemdCgroup = false
`;
}

export function cniConfig({ folder, pods }: NodeSettings): string {
  const ipam = {
    type: 'host-local',
    dataDir: `${folder}/ipam`,
    ranges: [[{ subnet: pods }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  return JSON.stringify({
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: false, hairpinMode: true, ipam },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });
}

/** Configuration of the kubelet as JSON, which is valid YAML. */
export function kubeletConfig({ folder, address, group, nameServer }: NodeSettings): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address,
    healthzBindAddress: '127.0.0.1',
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${group}`,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    containerRuntimeEndpoint: `unix://${folder}/containerd.sock`,
    resolvConf: `${folder}/resolv.conf`,
    clusterDNS: [nameServer],
    clusterDomain: 'cluster.local',
    podLogsDir: `${folder}/logs`,
    enforceNodeAllocatable: isUnified() ? ['none'] : ['pods'],
    // The disk is this machine's, which others use too.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    // A lost node should be noticed soon; the controller manager's grace period is set accordingly.
    nodeStatusUpdateFrequency: '2s',
    // Otherwise all is reported that often, changed or not.
    nodeStatusReportFrequency: '5m',
    nodeLeaseDurationSeconds: 8,
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
  });
}
