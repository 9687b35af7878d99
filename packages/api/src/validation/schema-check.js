// Generated from the contract by `npm run generate` (tools/generate/schema-check.ts). Do not edit.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
"use strict";
export const schemaCheck = validate21;
const schema6 = {"additionalProperties":false,"$id":"DistillationJob","type":"object","required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"const":"distillation.dev/v1alpha1","type":"string"},"kind":{"const":"DistillationJob","type":"string"},"metadata":{"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"},"namespace":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"}}},"spec":{"additionalProperties":false,"type":"object","required":["teacher","dataset","blocks","training","scheduling","selection","fineTuning","outputs","cluster"],"properties":{"teacher":{"additionalProperties":false,"type":"object","required":["path","format","outputs","preprocessing"],"properties":{"path":{"minLength":1,"maxLength":1024,"pattern":"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$","type":"string"},"format":{"type":"string","enum":["Auto","TfjsLayers","KerasH5","Keras"],"default":"Auto"},"outputs":{"type":"string","enum":["Auto","Logits","Probabilities"],"default":"Auto"},"preprocessing":{"additionalProperties":false,"default":{},"type":"object","required":["mode"],"properties":{"mode":{"type":"string","enum":["None","Caffe","Tf","Torch","Custom"],"default":"None"},"scale":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"type":"string"},"mean":{"minItems":1,"maxItems":4,"type":"array","items":{"pattern":"^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$","maxLength":24,"type":"string"}},"std":{"minItems":1,"maxItems":4,"type":"array","items":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"type":"string"}}}},"expectedAccuracy":{"pattern":"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"}}},"dataset":{"additionalProperties":false,"type":"object","required":["path","format","validation","limits","resize","augmentation","batchSize","labels","loaderThreads","maxUnreadable"],"properties":{"path":{"minLength":1,"maxLength":1024,"pattern":"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$","type":"string"},"format":{"type":"string","enum":["Cifar10","Cifar100","Idx","ImageFolder","UnlabelledFolder"],"default":"ImageFolder"},"validation":{"additionalProperties":false,"default":{},"type":"object","required":["fraction"],"properties":{"fraction":{"pattern":"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"default":"0.1","type":"string"}}},"limits":{"additionalProperties":false,"default":{},"type":"object","properties":{"train":{"minimum":1,"maximum":2147483647,"format":"int32","type":"integer"},"validation":{"minimum":1,"maximum":2147483647,"format":"int32","type":"integer"},"test":{"minimum":1,"maximum":2147483647,"format":"int32","type":"integer"}}},"resize":{"type":"string","enum":["None","Stretch","CenterCrop"],"default":"None"},"augmentation":{"additionalProperties":false,"default":{},"type":"object","required":["flipHorizontal","flipVertical","cropPadding","rotateDegrees"],"properties":{"flipHorizontal":{"type":"string","enum":["Enabled","Disabled"],"default":"Disabled"},"flipVertical":{"type":"string","enum":["Enabled","Disabled"],"default":"Disabled"},"cropPadding":{"minimum":0,"maximum":64,"default":0,"format":"int32","type":"integer"},"rotateDegrees":{"minimum":0,"maximum":180,"default":0,"format":"int32","type":"integer"}}},"batchSize":{"minimum":1,"maximum":65536,"default":256,"format":"int32","type":"integer"},"labels":{"type":"string","enum":["Used","None"],"default":"Used"},"loaderThreads":{"minimum":1,"maximum":64,"default":1,"format":"int32","type":"integer"},"maxUnreadable":{"minimum":0,"maximum":1000000,"default":0,"format":"int32","type":"integer"}}},"blocks":{"additionalProperties":false,"default":{},"type":"object","required":["include","exclude","whenNotCheaper","bias","batchNormalization"],"properties":{"architecture":{"type":"string","enum":["TwoLayer","ThreeLayer","TwoLayerSkip","ThreeLayerSkip","LowRank"]},"ratio":{"pattern":"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"candidates":{"minItems":1,"maxItems":8,"type":"array","items":{"additionalProperties":false,"type":"object","required":["architecture"],"properties":{"architecture":{"type":"string","enum":["TwoLayer","ThreeLayer","TwoLayerSkip","ThreeLayerSkip","LowRank"]},"ratio":{"pattern":"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"}}}},"rankMultiple":{"minimum":1,"maximum":64,"format":"int32","type":"integer"},"layers":{"minItems":1,"maxItems":3,"type":"array","items":{"type":"string","enum":["Convolution","Pointwise","Dense"]}},"include":{"minItems":1,"maxItems":256,"default":["*"],"type":"array","items":{"minLength":1,"maxLength":256,"pattern":"^[^\\[\\]{}!]+$","type":"string"}},"exclude":{"maxItems":256,"default":[],"type":"array","items":{"minLength":1,"maxLength":256,"pattern":"^[^\\[\\]{}!]+$","type":"string"}},"whenNotCheaper":{"type":"string","enum":["Skip","Train","Fail"],"default":"Skip"},"bias":{"type":"string","enum":["Enabled","Disabled"],"default":"Enabled"},"batchNormalization":{"type":"string","enum":["Enabled","Disabled"],"default":"Disabled"}}},"training":{"additionalProperties":false,"default":{},"type":"object","required":["epochs","optimizer","loss","seed","cpuThreads"],"properties":{"epochs":{"minimum":1,"maximum":10000,"default":1,"format":"int32","type":"integer"},"optimizer":{"$ref":"#/definitions/part1","default":{}},"loss":{"type":"string","enum":["MeanSquaredError","NormalizedMeanSquaredError"],"default":"MeanSquaredError"},"seed":{"minimum":0,"maximum":2147483647,"default":0,"format":"int32","type":"integer"},"earlyStopping":{"additionalProperties":false,"type":"object","required":["patience","minImprovement"],"properties":{"patience":{"minimum":1,"maximum":1000,"default":3,"format":"int32","type":"integer"},"minImprovement":{"pattern":"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"default":"0.01","type":"string"}}},"cpuThreads":{"minimum":1,"maximum":256,"default":1,"format":"int32","type":"integer"}}},"scheduling":{"additionalProperties":false,"default":{},"type":"object","required":["policy","bins","costSource","passes"],"properties":{"policy":{"type":"string","enum":["RoundRobin","BinPacking","WorkStealing"],"default":"WorkStealing"},"bins":{"minimum":1,"maximum":1024,"default":1,"format":"int32","type":"integer"},"costSource":{"type":"string","enum":["Estimated","Recorded","Measured"],"default":"Estimated"},"passes":{"type":"string","enum":["Fused","Independent"],"default":"Fused"}}},"selection":{"additionalProperties":false,"default":{},"type":"object","required":["rule","split"],"properties":{"rule":{"type":"string","enum":["Accuracy","AllTrained","Budget"],"default":"Accuracy"},"maxAccuracyDrop":{"pattern":"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"minAccuracy":{"pattern":"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"budget":{"additionalProperties":false,"type":"object","properties":{"parameters":{"pattern":"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"macs":{"pattern":"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"latency":{"pattern":"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"}}},"split":{"type":"string","enum":["Validation","Train"],"default":"Validation"}}},"fineTuning":{"additionalProperties":false,"default":{},"type":"object","required":["epochs","optimizer","batchSize","labels","freeze","freezeUnreplaced","augmentation","batchNormalization","control","cpuThreads"],"properties":{"epochs":{"minimum":0,"maximum":10000,"default":6,"format":"int32","type":"integer"},"optimizer":{"$ref":"#/definitions/part1","default":{}},"batchSize":{"minimum":1,"maximum":65536,"default":128,"format":"int32","type":"integer"},"labels":{"type":"string","enum":["Used","None"],"default":"Used"},"teacherLogits":{"additionalProperties":false,"type":"object","required":["weight","temperature"],"properties":{"weight":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"default":"1","type":"string"},"temperature":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"default":"4","type":"string"}}},"freeze":{"maxItems":256,"default":[],"type":"array","items":{"minLength":1,"maxLength":256,"pattern":"^[^\\[\\]{}!]+$","type":"string"}},"freezeUnreplaced":{"type":"string","enum":["Enabled","Disabled"],"default":"Disabled"},"augmentation":{"type":"string","enum":["Dataset","Flip","FlipAndCrop","None"],"default":"None"},"batchNormalization":{"type":"string","enum":["Enabled","Disabled"],"default":"Enabled"},"control":{"type":"string","enum":["Enabled","Disabled"],"default":"Disabled"},"cpuThreads":{"minimum":1,"maximum":256,"default":2,"format":"int32","type":"integer"}}},"outputs":{"additionalProperties":false,"type":"object","required":["path","formats","onnxInput","workingFiles"],"properties":{"path":{"minLength":1,"maxLength":1024,"pattern":"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$","type":"string"},"formats":{"minItems":1,"maxItems":8,"default":["TfjsLayers","Onnx"],"type":"array","items":{"type":"string","enum":["TfjsLayers","Keras","Onnx"]}},"onnxInput":{"type":"string","enum":["Prepared","Pixels"],"default":"Prepared"},"workingFiles":{"type":"string","enum":["Keep","DeleteOnSuccess"],"default":"Keep"}}},"cluster":{"additionalProperties":false,"default":{},"type":"object","required":["gpu","suspend","backoffLimit"],"properties":{"volume":{"$ref":"#/definitions/part2"},"teacherVolume":{"$ref":"#/definitions/part2"},"datasetVolume":{"$ref":"#/definitions/part2"},"gpu":{"additionalProperties":false,"default":{},"type":"object","required":["resourceName","count"],"properties":{"resourceName":{"maxLength":246,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/[^\\W_]([-.\\w]{0,61}[^\\W_])?$","default":"nvidia.com/gpu","type":"string"},"count":{"minimum":0,"maximum":16,"default":1,"format":"int32","type":"integer"}}},"workerTemplate":{"$ref":"#/definitions/part3"},"finalizerTemplate":{"$ref":"#/definitions/part3"},"className":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"},"suspend":{"default":false,"type":"boolean"},"activeDeadlineSeconds":{"minimum":1,"maximum":2147483647,"format":"int32","type":"integer"},"pendingDeadlineSeconds":{"minimum":1,"maximum":2147483647,"format":"int32","type":"integer"},"inputsDeadlineSeconds":{"minimum":0,"maximum":2147483647,"format":"int32","type":"integer"},"backoffLimit":{"minimum":0,"maximum":100,"default":3,"format":"int32","type":"integer"},"ttlSecondsAfterFinished":{"minimum":0,"maximum":2147483647,"format":"int32","type":"integer"},"queueName":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"}}},"managedBy":{"maxLength":63,"type":"string"}}}},"definitions":{"part1":{"additionalProperties":false,"type":"object","required":["type","learningRate","schedule"],"properties":{"type":{"type":"string","enum":["RMSprop","SGD","Adam"],"default":"Adam"},"learningRate":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"default":"0.002","type":"string"},"momentum":{"pattern":"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"clipNorm":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"type":"string"},"schedule":{"additionalProperties":false,"default":{},"type":"object","required":["type","warmupSteps"],"properties":{"type":{"type":"string","enum":["Constant","Cosine","Exponential"],"default":"Cosine"},"decayRate":{"pattern":"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"decaySteps":{"minimum":1,"maximum":100000000,"format":"int32","type":"integer"},"warmupSteps":{"minimum":0,"maximum":1000000,"default":0,"format":"int32","type":"integer"}}}}},"part2":{"additionalProperties":false,"type":"object","required":["claimName"],"properties":{"claimName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"subPath":{"minLength":1,"maxLength":1024,"pattern":"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$","type":"string"}}},"part4":{"additionalProperties":false,"type":"object","required":["matchExpressions"],"properties":{"matchExpressions":{"minItems":1,"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"NodeRequirement","type":"object","required":["key","operator"],"properties":{"key":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist","Gt","Lt"]},"values":{"minItems":1,"maxItems":64,"type":"array","items":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}}}}}},"part7":{"additionalProperties":false,"type":"object","properties":{"matchLabels":{"maxProperties":32,"x-distillation-rules":"LabelKeys","type":"object","patternProperties":{"^(.*)$":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}},"matchExpressions":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"LabelRequirement","type":"object","required":["key","operator"],"properties":{"key":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist"]},"values":{"minItems":1,"maxItems":64,"type":"array","items":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}}}}}},"part6":{"additionalProperties":false,"type":"object","required":["topologyKey"],"properties":{"labelSelector":{"$ref":"#/definitions/part7"},"topologyKey":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"namespaces":{"maxItems":16,"type":"array","items":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"}},"namespaceSelector":{"$ref":"#/definitions/part7"}}},"part5":{"additionalProperties":false,"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"maxItems":16,"type":"array","items":{"$ref":"#/definitions/part6"}},"preferredDuringSchedulingIgnoredDuringExecution":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"type":"object","required":["weight","podAffinityTerm"],"properties":{"weight":{"minimum":1,"maximum":100,"format":"int32","type":"integer"},"podAffinityTerm":{"$ref":"#/definitions/part6"}}}}}},"part8":{"additionalProperties":false,"type":"object","required":["name","key"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"key":{"minLength":1,"maxLength":253,"pattern":"^(\\.?[-\\w][-.\\w]*)$","type":"string"},"optional":{"type":"boolean"}}},"part3":{"additionalProperties":false,"type":"object","properties":{"labels":{"maxProperties":32,"x-distillation-rules":"PodLabels","type":"object","patternProperties":{"^(.*)$":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}},"annotations":{"maxProperties":32,"x-distillation-rules":"PodAnnotations","type":"object","patternProperties":{"^(.*)$":{"maxLength":4096,"type":"string"}}},"image":{"minLength":1,"maxLength":512,"pattern":"^[^\\s]+$","type":"string"},"resources":{"additionalProperties":false,"x-distillation-rules":"Resources","type":"object","properties":{"requests":{"maxProperties":32,"x-distillation-rules":"ResourceNames","type":"object","patternProperties":{"^(.*)$":{"type":["string","integer"],"minimum":0,"maxLength":32,"pattern":"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"}}},"limits":{"maxProperties":32,"x-distillation-rules":"ResourceNames","type":"object","patternProperties":{"^(.*)$":{"type":["string","integer"],"minimum":0,"maxLength":32,"pattern":"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"}}}}},"nodeSelector":{"maxProperties":32,"x-distillation-rules":"LabelKeys","type":"object","patternProperties":{"^(.*)$":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}},"priorityClassName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"tolerations":{"maxItems":32,"type":"array","items":{"additionalProperties":false,"type":"object","properties":{"key":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"operator":{"type":"string","enum":["Equal","Exists"]},"value":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"},"effect":{"type":"string","enum":["NoSchedule","PreferNoSchedule","NoExecute"]},"tolerationSeconds":{"minimum":0,"maximum":2147483647,"format":"int32","type":"integer"}}}},"affinity":{"additionalProperties":false,"type":"object","properties":{"nodeAffinity":{"additionalProperties":false,"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"additionalProperties":false,"type":"object","required":["nodeSelectorTerms"],"properties":{"nodeSelectorTerms":{"minItems":1,"maxItems":16,"type":"array","items":{"$ref":"#/definitions/part4"}}}},"preferredDuringSchedulingIgnoredDuringExecution":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"type":"object","required":["weight","preference"],"properties":{"weight":{"minimum":1,"maximum":100,"format":"int32","type":"integer"},"preference":{"$ref":"#/definitions/part4"}}}}}},"podAffinity":{"$ref":"#/definitions/part5"},"podAntiAffinity":{"$ref":"#/definitions/part5"}}},"imagePullSecrets":{"maxItems":16,"x-kubernetes-list-map-keys":["name"],"type":"array","items":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"}}}},"env":{"maxItems":64,"x-kubernetes-list-map-keys":["name"],"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"EnvVar","type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":128,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","type":"string"},"value":{"maxLength":4096,"type":"string"},"valueFrom":{"additionalProperties":false,"x-distillation-rules":"EnvVarSource","type":"object","properties":{"secretKeyRef":{"$ref":"#/definitions/part8"},"configMapKeyRef":{"$ref":"#/definitions/part8"}}}}}},"envFrom":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"EnvFromSource","type":"object","properties":{"prefix":{"minLength":1,"maxLength":64,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","type":"string"},"secretRef":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"configMapRef":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}}}}},"volumes":{"maxItems":16,"x-kubernetes-list-map-keys":["name"],"x-distillation-rules":"Volumes","type":"array","items":{"additionalProperties":false,"x-distillation-rules":"Volume","type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"},"configMap":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"secret":{"additionalProperties":false,"type":"object","required":["secretName"],"properties":{"secretName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"emptyDir":{"additionalProperties":false,"type":"object","properties":{"medium":{"type":"string","enum":["Memory"]},"sizeLimit":{"type":["string","integer"],"minimum":0,"maxLength":32,"pattern":"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"}}},"persistentVolumeClaim":{"additionalProperties":false,"type":"object","required":["claimName"],"properties":{"claimName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"readOnly":{"type":"boolean"}}},"projected":{"additionalProperties":false,"type":"object","required":["sources"],"properties":{"sources":{"minItems":1,"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"ProjectedSource","type":"object","properties":{"secret":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"configMap":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}}}}}}}}}},"volumeMounts":{"maxItems":32,"x-kubernetes-list-map-keys":["mountPath"],"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"VolumeMount","type":"object","required":["name","mountPath"],"properties":{"name":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"},"mountPath":{"minLength":1,"maxLength":512,"pattern":"^(/([^/.:][^/:]*|\\.[^/.:][^/:]*|\\.\\.[^/:]+))+$","type":"string"},"subPath":{"minLength":1,"maxLength":1024,"pattern":"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$","type":"string"},"readOnly":{"type":"boolean"}}}},"serviceAccountName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"automountServiceAccountToken":{"type":"boolean"},"schedulerName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"runtimeClassName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"}}}}};
const func2 = require("ajv/dist/runtime/ucs2length").default;
const func6 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern2 = new RegExp("^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$", "u");
const pattern3 = new RegExp("^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$", "u");
const pattern4 = new RegExp("^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$", "u");
const pattern6 = new RegExp("^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$", "u");
const pattern8 = new RegExp("^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$", "u");
const pattern11 = new RegExp("^[^\\[\\]{}!]+$", "u");
const pattern14 = new RegExp("^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$", "u");
const pattern29 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/[^\\W_]([-.\\w]{0,61}[^\\W_])?$", "u");
const schema7 = {"additionalProperties":false,"type":"object","required":["type","learningRate","schedule"],"properties":{"type":{"type":"string","enum":["RMSprop","SGD","Adam"],"default":"Adam"},"learningRate":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"default":"0.002","type":"string"},"momentum":{"pattern":"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"clipNorm":{"pattern":"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$","maxLength":24,"type":"string"},"schedule":{"additionalProperties":false,"default":{},"type":"object","required":["type","warmupSteps"],"properties":{"type":{"type":"string","enum":["Constant","Cosine","Exponential"],"default":"Cosine"},"decayRate":{"pattern":"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$","maxLength":24,"type":"string"},"decaySteps":{"minimum":1,"maximum":100000000,"format":"int32","type":"integer"},"warmupSteps":{"minimum":0,"maximum":1000000,"default":0,"format":"int32","type":"integer"}}}}};

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "Adam";
}
if(data.learningRate === undefined){
data.learningRate = "0.002";
}
if(data.schedule === undefined){
data.schedule = {};
}
if(data.type === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'",schema:schema7.required,parentSchema:schema7,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.learningRate === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "learningRate"},message:"must have required property '"+"learningRate"+"'",schema:schema7.required,parentSchema:schema7,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.schedule === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "schedule"},message:"must have required property '"+"schedule"+"'",schema:schema7.required,parentSchema:schema7,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "learningRate")) || (key0 === "momentum")) || (key0 === "clipNorm")) || (key0 === "schedule"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema7,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
let data0 = data.type;
if(typeof data0 !== "string"){
const err4 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.type.type,parentSchema:schema7.properties.type,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!(((data0 === "RMSprop") || (data0 === "SGD")) || (data0 === "Adam"))){
const err5 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/enum",keyword:"enum",params:{allowedValues: schema7.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema7.properties.type.enum,parentSchema:schema7.properties.type,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
let data1 = data.learningRate;
if(typeof data1 === "string"){
if(func2(data1) > 24){
const err6 = {instancePath:instancePath+"/learningRate",schemaPath:"#/properties/learningRate/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema7.properties.learningRate,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(!pattern3.test(data1)){
const err7 = {instancePath:instancePath+"/learningRate",schemaPath:"#/properties/learningRate/pattern",keyword:"pattern",params:{pattern: "^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"},message:"must match pattern \""+"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"+"\"",schema:"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$",parentSchema:schema7.properties.learningRate,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/learningRate",schemaPath:"#/properties/learningRate/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.learningRate.type,parentSchema:schema7.properties.learningRate,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data.momentum !== undefined){
let data2 = data.momentum;
if(typeof data2 === "string"){
if(func2(data2) > 24){
const err9 = {instancePath:instancePath+"/momentum",schemaPath:"#/properties/momentum/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema7.properties.momentum,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!pattern14.test(data2)){
const err10 = {instancePath:instancePath+"/momentum",schemaPath:"#/properties/momentum/pattern",keyword:"pattern",params:{pattern: "^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema7.properties.momentum,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/momentum",schemaPath:"#/properties/momentum/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.momentum.type,parentSchema:schema7.properties.momentum,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.clipNorm !== undefined){
let data3 = data.clipNorm;
if(typeof data3 === "string"){
if(func2(data3) > 24){
const err12 = {instancePath:instancePath+"/clipNorm",schemaPath:"#/properties/clipNorm/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema7.properties.clipNorm,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern3.test(data3)){
const err13 = {instancePath:instancePath+"/clipNorm",schemaPath:"#/properties/clipNorm/pattern",keyword:"pattern",params:{pattern: "^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"},message:"must match pattern \""+"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"+"\"",schema:"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$",parentSchema:schema7.properties.clipNorm,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/clipNorm",schemaPath:"#/properties/clipNorm/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.clipNorm.type,parentSchema:schema7.properties.clipNorm,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
let data4 = data.schedule;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(data4.type === undefined){
data4.type = "Cosine";
}
if(data4.warmupSteps === undefined){
data4.warmupSteps = 0;
}
if(data4.type === undefined){
const err15 = {instancePath:instancePath+"/schedule",schemaPath:"#/properties/schedule/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'",schema:schema7.properties.schedule.required,parentSchema:schema7.properties.schedule,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data4.warmupSteps === undefined){
const err16 = {instancePath:instancePath+"/schedule",schemaPath:"#/properties/schedule/required",keyword:"required",params:{missingProperty: "warmupSteps"},message:"must have required property '"+"warmupSteps"+"'",schema:schema7.properties.schedule.required,parentSchema:schema7.properties.schedule,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
for(const key1 in data4){
if(!((((key1 === "type") || (key1 === "decayRate")) || (key1 === "decaySteps")) || (key1 === "warmupSteps"))){
const err17 = {instancePath:instancePath+"/schedule",schemaPath:"#/properties/schedule/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema7.properties.schedule,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
let data5 = data4.type;
if(typeof data5 !== "string"){
const err18 = {instancePath:instancePath+"/schedule/type",schemaPath:"#/properties/schedule/properties/type/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.schedule.properties.type.type,parentSchema:schema7.properties.schedule.properties.type,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!(((data5 === "Constant") || (data5 === "Cosine")) || (data5 === "Exponential"))){
const err19 = {instancePath:instancePath+"/schedule/type",schemaPath:"#/properties/schedule/properties/type/enum",keyword:"enum",params:{allowedValues: schema7.properties.schedule.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema7.properties.schedule.properties.type.enum,parentSchema:schema7.properties.schedule.properties.type,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data4.decayRate !== undefined){
let data6 = data4.decayRate;
if(typeof data6 === "string"){
if(func2(data6) > 24){
const err20 = {instancePath:instancePath+"/schedule/decayRate",schemaPath:"#/properties/schedule/properties/decayRate/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema7.properties.schedule.properties.decayRate,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(!pattern8.test(data6)){
const err21 = {instancePath:instancePath+"/schedule/decayRate",schemaPath:"#/properties/schedule/properties/decayRate/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema7.properties.schedule.properties.decayRate,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/schedule/decayRate",schemaPath:"#/properties/schedule/properties/decayRate/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.schedule.properties.decayRate.type,parentSchema:schema7.properties.schedule.properties.decayRate,data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data4.decaySteps !== undefined){
let data7 = data4.decaySteps;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err23 = {instancePath:instancePath+"/schedule/decaySteps",schemaPath:"#/properties/schedule/properties/decaySteps/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema7.properties.schedule.properties.decaySteps.type,parentSchema:schema7.properties.schedule.properties.decaySteps,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 100000000 || isNaN(data7)){
const err24 = {instancePath:instancePath+"/schedule/decaySteps",schemaPath:"#/properties/schedule/properties/decaySteps/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100000000},message:"must be <= 100000000",schema:100000000,parentSchema:schema7.properties.schedule.properties.decaySteps,data:data7};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data7 < 1 || isNaN(data7)){
const err25 = {instancePath:instancePath+"/schedule/decaySteps",schemaPath:"#/properties/schedule/properties/decaySteps/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema7.properties.schedule.properties.decaySteps,data:data7};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
let data8 = data4.warmupSteps;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
const err26 = {instancePath:instancePath+"/schedule/warmupSteps",schemaPath:"#/properties/schedule/properties/warmupSteps/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema7.properties.schedule.properties.warmupSteps.type,parentSchema:schema7.properties.schedule.properties.warmupSteps,data:data8};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 1000000 || isNaN(data8)){
const err27 = {instancePath:instancePath+"/schedule/warmupSteps",schemaPath:"#/properties/schedule/properties/warmupSteps/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema7.properties.schedule.properties.warmupSteps,data:data8};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data8 < 0 || isNaN(data8)){
const err28 = {instancePath:instancePath+"/schedule/warmupSteps",schemaPath:"#/properties/schedule/properties/warmupSteps/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema7.properties.schedule.properties.warmupSteps,data:data8};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/schedule",schemaPath:"#/properties/schedule/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema7.properties.schedule.type,parentSchema:schema7.properties.schedule,data:data4};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema7.type,parentSchema:schema7,data};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}

const schema8 = {"additionalProperties":false,"type":"object","required":["claimName"],"properties":{"claimName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"subPath":{"minLength":1,"maxLength":1024,"pattern":"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$","type":"string"}}};
const pattern27 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "u");

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.claimName === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "claimName"},message:"must have required property '"+"claimName"+"'",schema:schema8.required,parentSchema:schema8,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "claimName") || (key0 === "subPath"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema8,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.claimName !== undefined){
let data0 = data.claimName;
if(typeof data0 === "string"){
if(func2(data0) > 253){
const err2 = {instancePath:instancePath+"/claimName",schemaPath:"#/properties/claimName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema8.properties.claimName,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func2(data0) < 1){
const err3 = {instancePath:instancePath+"/claimName",schemaPath:"#/properties/claimName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema8.properties.claimName,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern27.test(data0)){
const err4 = {instancePath:instancePath+"/claimName",schemaPath:"#/properties/claimName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema8.properties.claimName,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/claimName",schemaPath:"#/properties/claimName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema8.properties.claimName.type,parentSchema:schema8.properties.claimName,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.subPath !== undefined){
let data1 = data.subPath;
if(typeof data1 === "string"){
if(func2(data1) > 1024){
const err6 = {instancePath:instancePath+"/subPath",schemaPath:"#/properties/subPath/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters",schema:1024,parentSchema:schema8.properties.subPath,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func2(data1) < 1){
const err7 = {instancePath:instancePath+"/subPath",schemaPath:"#/properties/subPath/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema8.properties.subPath,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!pattern2.test(data1)){
const err8 = {instancePath:instancePath+"/subPath",schemaPath:"#/properties/subPath/pattern",keyword:"pattern",params:{pattern: "^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"},message:"must match pattern \""+"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"+"\"",schema:"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$",parentSchema:schema8.properties.subPath,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/subPath",schemaPath:"#/properties/subPath/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema8.properties.subPath.type,parentSchema:schema8.properties.subPath,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema8.type,parentSchema:schema8,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
validate25.errors = vErrors;
return errors === 0;
}

const schema9 = {"additionalProperties":false,"type":"object","properties":{"labels":{"maxProperties":32,"x-distillation-rules":"PodLabels","type":"object","patternProperties":{"^(.*)$":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}},"annotations":{"maxProperties":32,"x-distillation-rules":"PodAnnotations","type":"object","patternProperties":{"^(.*)$":{"maxLength":4096,"type":"string"}}},"image":{"minLength":1,"maxLength":512,"pattern":"^[^\\s]+$","type":"string"},"resources":{"additionalProperties":false,"x-distillation-rules":"Resources","type":"object","properties":{"requests":{"maxProperties":32,"x-distillation-rules":"ResourceNames","type":"object","patternProperties":{"^(.*)$":{"type":["string","integer"],"minimum":0,"maxLength":32,"pattern":"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"}}},"limits":{"maxProperties":32,"x-distillation-rules":"ResourceNames","type":"object","patternProperties":{"^(.*)$":{"type":["string","integer"],"minimum":0,"maxLength":32,"pattern":"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"}}}}},"nodeSelector":{"maxProperties":32,"x-distillation-rules":"LabelKeys","type":"object","patternProperties":{"^(.*)$":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}},"priorityClassName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"tolerations":{"maxItems":32,"type":"array","items":{"additionalProperties":false,"type":"object","properties":{"key":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"operator":{"type":"string","enum":["Equal","Exists"]},"value":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"},"effect":{"type":"string","enum":["NoSchedule","PreferNoSchedule","NoExecute"]},"tolerationSeconds":{"minimum":0,"maximum":2147483647,"format":"int32","type":"integer"}}}},"affinity":{"additionalProperties":false,"type":"object","properties":{"nodeAffinity":{"additionalProperties":false,"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"additionalProperties":false,"type":"object","required":["nodeSelectorTerms"],"properties":{"nodeSelectorTerms":{"minItems":1,"maxItems":16,"type":"array","items":{"$ref":"#/definitions/part4"}}}},"preferredDuringSchedulingIgnoredDuringExecution":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"type":"object","required":["weight","preference"],"properties":{"weight":{"minimum":1,"maximum":100,"format":"int32","type":"integer"},"preference":{"$ref":"#/definitions/part4"}}}}}},"podAffinity":{"$ref":"#/definitions/part5"},"podAntiAffinity":{"$ref":"#/definitions/part5"}}},"imagePullSecrets":{"maxItems":16,"x-kubernetes-list-map-keys":["name"],"type":"array","items":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"}}}},"env":{"maxItems":64,"x-kubernetes-list-map-keys":["name"],"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"EnvVar","type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":128,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","type":"string"},"value":{"maxLength":4096,"type":"string"},"valueFrom":{"additionalProperties":false,"x-distillation-rules":"EnvVarSource","type":"object","properties":{"secretKeyRef":{"$ref":"#/definitions/part8"},"configMapKeyRef":{"$ref":"#/definitions/part8"}}}}}},"envFrom":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"EnvFromSource","type":"object","properties":{"prefix":{"minLength":1,"maxLength":64,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","type":"string"},"secretRef":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"configMapRef":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}}}}},"volumes":{"maxItems":16,"x-kubernetes-list-map-keys":["name"],"x-distillation-rules":"Volumes","type":"array","items":{"additionalProperties":false,"x-distillation-rules":"Volume","type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"},"configMap":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"secret":{"additionalProperties":false,"type":"object","required":["secretName"],"properties":{"secretName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"emptyDir":{"additionalProperties":false,"type":"object","properties":{"medium":{"type":"string","enum":["Memory"]},"sizeLimit":{"type":["string","integer"],"minimum":0,"maxLength":32,"pattern":"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"}}},"persistentVolumeClaim":{"additionalProperties":false,"type":"object","required":["claimName"],"properties":{"claimName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"readOnly":{"type":"boolean"}}},"projected":{"additionalProperties":false,"type":"object","required":["sources"],"properties":{"sources":{"minItems":1,"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"ProjectedSource","type":"object","properties":{"secret":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}},"configMap":{"additionalProperties":false,"type":"object","required":["name"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"optional":{"type":"boolean"}}}}}}}}}}},"volumeMounts":{"maxItems":32,"x-kubernetes-list-map-keys":["mountPath"],"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"VolumeMount","type":"object","required":["name","mountPath"],"properties":{"name":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"},"mountPath":{"minLength":1,"maxLength":512,"pattern":"^(/([^/.:][^/:]*|\\.[^/.:][^/:]*|\\.\\.[^/:]+))+$","type":"string"},"subPath":{"minLength":1,"maxLength":1024,"pattern":"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$","type":"string"},"readOnly":{"type":"boolean"}}}},"serviceAccountName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"automountServiceAccountToken":{"type":"boolean"},"schedulerName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"runtimeClassName":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"}}};
const pattern30 = new RegExp("^(.*)$", "u");
const pattern31 = new RegExp("^([^\\W_]([-.\\w]*[^\\W_])?)?$", "u");
const pattern33 = new RegExp("^[^\\s]+$", "u");
const pattern35 = new RegExp("^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$", "u");
const pattern41 = new RegExp("^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$", "u");
const pattern52 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
const pattern66 = new RegExp("^(/([^/.:][^/:]*|\\.[^/.:][^/:]*|\\.\\.[^/:]+))+$", "u");
const schema10 = {"additionalProperties":false,"type":"object","required":["matchExpressions"],"properties":{"matchExpressions":{"minItems":1,"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"NodeRequirement","type":"object","required":["key","operator"],"properties":{"key":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist","Gt","Lt"]},"values":{"minItems":1,"maxItems":64,"type":"array","items":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}}}}}};

function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.matchExpressions === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "matchExpressions"},message:"must have required property '"+"matchExpressions"+"'",schema:schema10.required,parentSchema:schema10,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "matchExpressions")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema10,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.matchExpressions !== undefined){
let data0 = data.matchExpressions;
if(Array.isArray(data0)){
if(data0.length > 16){
const err2 = {instancePath:instancePath+"/matchExpressions",schemaPath:"#/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema10.properties.matchExpressions,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.length < 1){
const err3 = {instancePath:instancePath+"/matchExpressions",schemaPath:"#/properties/matchExpressions/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema10.properties.matchExpressions,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.key === undefined){
const err4 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'",schema:schema10.properties.matchExpressions.items.required,parentSchema:schema10.properties.matchExpressions.items,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data1.operator === undefined){
const err5 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "operator"},message:"must have required property '"+"operator"+"'",schema:schema10.properties.matchExpressions.items.required,parentSchema:schema10.properties.matchExpressions.items,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key1 in data1){
if(!(((key1 === "key") || (key1 === "operator")) || (key1 === "values"))){
const err6 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema10.properties.matchExpressions.items,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data1.key !== undefined){
let data2 = data1.key;
if(typeof data2 === "string"){
if(func2(data2) > 255){
const err7 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters",schema:255,parentSchema:schema10.properties.matchExpressions.items.properties.key,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(func2(data2) < 1){
const err8 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema10.properties.matchExpressions.items.properties.key,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!pattern41.test(data2)){
const err9 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"},message:"must match pattern \""+"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"+"\"",schema:"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$",parentSchema:schema10.properties.matchExpressions.items.properties.key,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema10.properties.matchExpressions.items.properties.key.type,parentSchema:schema10.properties.matchExpressions.items.properties.key,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data1.operator !== undefined){
let data3 = data1.operator;
if(typeof data3 !== "string"){
const err11 = {instancePath:instancePath+"/matchExpressions/" + i0+"/operator",schemaPath:"#/properties/matchExpressions/items/properties/operator/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema10.properties.matchExpressions.items.properties.operator.type,parentSchema:schema10.properties.matchExpressions.items.properties.operator,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!((((((data3 === "In") || (data3 === "NotIn")) || (data3 === "Exists")) || (data3 === "DoesNotExist")) || (data3 === "Gt")) || (data3 === "Lt"))){
const err12 = {instancePath:instancePath+"/matchExpressions/" + i0+"/operator",schemaPath:"#/properties/matchExpressions/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema10.properties.matchExpressions.items.properties.operator.enum},message:"must be equal to one of the allowed values",schema:schema10.properties.matchExpressions.items.properties.operator.enum,parentSchema:schema10.properties.matchExpressions.items.properties.operator,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data1.values !== undefined){
let data4 = data1.values;
if(Array.isArray(data4)){
if(data4.length > 64){
const err13 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/properties/matchExpressions/items/properties/values/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema10.properties.matchExpressions.items.properties.values,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data4.length < 1){
const err14 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/properties/matchExpressions/items/properties/values/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema10.properties.matchExpressions.items.properties.values,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
if(typeof data5 === "string"){
if(func2(data5) > 63){
const err15 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/properties/matchExpressions/items/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema10.properties.matchExpressions.items.properties.values.items,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!pattern31.test(data5)){
const err16 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/properties/matchExpressions/items/properties/values/items/pattern",keyword:"pattern",params:{pattern: "^([^\\W_]([-.\\w]*[^\\W_])?)?$"},message:"must match pattern \""+"^([^\\W_]([-.\\w]*[^\\W_])?)?$"+"\"",schema:"^([^\\W_]([-.\\w]*[^\\W_])?)?$",parentSchema:schema10.properties.matchExpressions.items.properties.values.items,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/properties/matchExpressions/items/properties/values/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema10.properties.matchExpressions.items.properties.values.items.type,parentSchema:schema10.properties.matchExpressions.items.properties.values.items,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/properties/matchExpressions/items/properties/values/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema10.properties.matchExpressions.items.properties.values.type,parentSchema:schema10.properties.matchExpressions.items.properties.values,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema10.properties.matchExpressions.items.type,parentSchema:schema10.properties.matchExpressions.items,data:data1};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/matchExpressions",schemaPath:"#/properties/matchExpressions/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema10.properties.matchExpressions.type,parentSchema:schema10.properties.matchExpressions,data:data0};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema10.type,parentSchema:schema10,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate30.errors = vErrors;
return errors === 0;
}

const schema11 = {"additionalProperties":false,"type":"object","properties":{"requiredDuringSchedulingIgnoredDuringExecution":{"maxItems":16,"type":"array","items":{"$ref":"#/definitions/part6"}},"preferredDuringSchedulingIgnoredDuringExecution":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"type":"object","required":["weight","podAffinityTerm"],"properties":{"weight":{"minimum":1,"maximum":100,"format":"int32","type":"integer"},"podAffinityTerm":{"$ref":"#/definitions/part6"}}}}}};
const schema12 = {"additionalProperties":false,"type":"object","required":["topologyKey"],"properties":{"labelSelector":{"$ref":"#/definitions/part7"},"topologyKey":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"namespaces":{"maxItems":16,"type":"array","items":{"minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","type":"string"}},"namespaceSelector":{"$ref":"#/definitions/part7"}}};
const schema13 = {"additionalProperties":false,"type":"object","properties":{"matchLabels":{"maxProperties":32,"x-distillation-rules":"LabelKeys","type":"object","patternProperties":{"^(.*)$":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}},"matchExpressions":{"maxItems":16,"type":"array","items":{"additionalProperties":false,"x-distillation-rules":"LabelRequirement","type":"object","required":["key","operator"],"properties":{"key":{"minLength":1,"maxLength":255,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$","type":"string"},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist"]},"values":{"minItems":1,"maxItems":64,"type":"array","items":{"maxLength":63,"pattern":"^([^\\W_]([-.\\w]*[^\\W_])?)?$","type":"string"}}}}}}};

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "matchLabels") || (key0 === "matchExpressions"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.matchLabels !== undefined){
let data0 = data.matchLabels;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(Object.keys(data0).length > 32){
const err1 = {instancePath:instancePath+"/matchLabels",schemaPath:"#/properties/matchLabels/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema13.properties.matchLabels,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key1 in data0){
if(pattern30.test(key1)){
let data1 = data0[key1];
if(typeof data1 === "string"){
if(func2(data1) > 63){
const err2 = {instancePath:instancePath+"/matchLabels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/matchLabels/patternProperties/%5E(.*)%24/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema13.properties.matchLabels.patternProperties["^(.*)$"],data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(!pattern31.test(data1)){
const err3 = {instancePath:instancePath+"/matchLabels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/matchLabels/patternProperties/%5E(.*)%24/pattern",keyword:"pattern",params:{pattern: "^([^\\W_]([-.\\w]*[^\\W_])?)?$"},message:"must match pattern \""+"^([^\\W_]([-.\\w]*[^\\W_])?)?$"+"\"",schema:"^([^\\W_]([-.\\w]*[^\\W_])?)?$",parentSchema:schema13.properties.matchLabels.patternProperties["^(.*)$"],data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/matchLabels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/matchLabels/patternProperties/%5E(.*)%24/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema13.properties.matchLabels.patternProperties["^(.*)$"].type,parentSchema:schema13.properties.matchLabels.patternProperties["^(.*)$"],data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
}
else {
const err5 = {instancePath:instancePath+"/matchLabels",schemaPath:"#/properties/matchLabels/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema13.properties.matchLabels.type,parentSchema:schema13.properties.matchLabels,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.matchExpressions !== undefined){
let data2 = data.matchExpressions;
if(Array.isArray(data2)){
if(data2.length > 16){
const err6 = {instancePath:instancePath+"/matchExpressions",schemaPath:"#/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema13.properties.matchExpressions,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.key === undefined){
const err7 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'",schema:schema13.properties.matchExpressions.items.required,parentSchema:schema13.properties.matchExpressions.items,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data3.operator === undefined){
const err8 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "operator"},message:"must have required property '"+"operator"+"'",schema:schema13.properties.matchExpressions.items.required,parentSchema:schema13.properties.matchExpressions.items,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
for(const key2 in data3){
if(!(((key2 === "key") || (key2 === "operator")) || (key2 === "values"))){
const err9 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema13.properties.matchExpressions.items,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data3.key !== undefined){
let data4 = data3.key;
if(typeof data4 === "string"){
if(func2(data4) > 255){
const err10 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters",schema:255,parentSchema:schema13.properties.matchExpressions.items.properties.key,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(func2(data4) < 1){
const err11 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema13.properties.matchExpressions.items.properties.key,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!pattern41.test(data4)){
const err12 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"},message:"must match pattern \""+"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"+"\"",schema:"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$",parentSchema:schema13.properties.matchExpressions.items.properties.key,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/matchExpressions/" + i0+"/key",schemaPath:"#/properties/matchExpressions/items/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema13.properties.matchExpressions.items.properties.key.type,parentSchema:schema13.properties.matchExpressions.items.properties.key,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data3.operator !== undefined){
let data5 = data3.operator;
if(typeof data5 !== "string"){
const err14 = {instancePath:instancePath+"/matchExpressions/" + i0+"/operator",schemaPath:"#/properties/matchExpressions/items/properties/operator/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema13.properties.matchExpressions.items.properties.operator.type,parentSchema:schema13.properties.matchExpressions.items.properties.operator,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(!((((data5 === "In") || (data5 === "NotIn")) || (data5 === "Exists")) || (data5 === "DoesNotExist"))){
const err15 = {instancePath:instancePath+"/matchExpressions/" + i0+"/operator",schemaPath:"#/properties/matchExpressions/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema13.properties.matchExpressions.items.properties.operator.enum},message:"must be equal to one of the allowed values",schema:schema13.properties.matchExpressions.items.properties.operator.enum,parentSchema:schema13.properties.matchExpressions.items.properties.operator,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data3.values !== undefined){
let data6 = data3.values;
if(Array.isArray(data6)){
if(data6.length > 64){
const err16 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/properties/matchExpressions/items/properties/values/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema13.properties.matchExpressions.items.properties.values,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data6.length < 1){
const err17 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/properties/matchExpressions/items/properties/values/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema13.properties.matchExpressions.items.properties.values,data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
if(typeof data7 === "string"){
if(func2(data7) > 63){
const err18 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/properties/matchExpressions/items/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema13.properties.matchExpressions.items.properties.values.items,data:data7};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!pattern31.test(data7)){
const err19 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/properties/matchExpressions/items/properties/values/items/pattern",keyword:"pattern",params:{pattern: "^([^\\W_]([-.\\w]*[^\\W_])?)?$"},message:"must match pattern \""+"^([^\\W_]([-.\\w]*[^\\W_])?)?$"+"\"",schema:"^([^\\W_]([-.\\w]*[^\\W_])?)?$",parentSchema:schema13.properties.matchExpressions.items.properties.values.items,data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values/" + i1,schemaPath:"#/properties/matchExpressions/items/properties/values/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema13.properties.matchExpressions.items.properties.values.items.type,parentSchema:schema13.properties.matchExpressions.items.properties.values.items,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/matchExpressions/" + i0+"/values",schemaPath:"#/properties/matchExpressions/items/properties/values/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema13.properties.matchExpressions.items.properties.values.type,parentSchema:schema13.properties.matchExpressions.items.properties.values,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/matchExpressions/" + i0,schemaPath:"#/properties/matchExpressions/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema13.properties.matchExpressions.items.type,parentSchema:schema13.properties.matchExpressions.items,data:data3};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/matchExpressions",schemaPath:"#/properties/matchExpressions/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema13.properties.matchExpressions.type,parentSchema:schema13.properties.matchExpressions,data:data2};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
else {
const err24 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema13.type,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
validate35.errors = vErrors;
return errors === 0;
}


function validate34(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.topologyKey === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "topologyKey"},message:"must have required property '"+"topologyKey"+"'",schema:schema12.required,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "labelSelector") || (key0 === "topologyKey")) || (key0 === "namespaces")) || (key0 === "namespaceSelector"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.labelSelector !== undefined){
if(!(validate35(data.labelSelector, {instancePath:instancePath+"/labelSelector",parentData:data,parentDataProperty:"labelSelector",rootData}))){
vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors);
errors = vErrors.length;
}
}
if(data.topologyKey !== undefined){
let data1 = data.topologyKey;
if(typeof data1 === "string"){
if(func2(data1) > 255){
const err2 = {instancePath:instancePath+"/topologyKey",schemaPath:"#/properties/topologyKey/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters",schema:255,parentSchema:schema12.properties.topologyKey,data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func2(data1) < 1){
const err3 = {instancePath:instancePath+"/topologyKey",schemaPath:"#/properties/topologyKey/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.properties.topologyKey,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern41.test(data1)){
const err4 = {instancePath:instancePath+"/topologyKey",schemaPath:"#/properties/topologyKey/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"},message:"must match pattern \""+"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"+"\"",schema:"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$",parentSchema:schema12.properties.topologyKey,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/topologyKey",schemaPath:"#/properties/topologyKey/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.properties.topologyKey.type,parentSchema:schema12.properties.topologyKey,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.namespaces !== undefined){
let data2 = data.namespaces;
if(Array.isArray(data2)){
if(data2.length > 16){
const err6 = {instancePath:instancePath+"/namespaces",schemaPath:"#/properties/namespaces/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema12.properties.namespaces,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 === "string"){
if(func2(data3) > 63){
const err7 = {instancePath:instancePath+"/namespaces/" + i0,schemaPath:"#/properties/namespaces/items/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema12.properties.namespaces.items,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(func2(data3) < 1){
const err8 = {instancePath:instancePath+"/namespaces/" + i0,schemaPath:"#/properties/namespaces/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.properties.namespaces.items,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!pattern0.test(data3)){
const err9 = {instancePath:instancePath+"/namespaces/" + i0,schemaPath:"#/properties/namespaces/items/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema12.properties.namespaces.items,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/namespaces/" + i0,schemaPath:"#/properties/namespaces/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.properties.namespaces.items.type,parentSchema:schema12.properties.namespaces.items,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/namespaces",schemaPath:"#/properties/namespaces/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema12.properties.namespaces.type,parentSchema:schema12.properties.namespaces,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.namespaceSelector !== undefined){
if(!(validate35(data.namespaceSelector, {instancePath:instancePath+"/namespaceSelector",parentData:data,parentDataProperty:"namespaceSelector",rootData}))){
vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors);
errors = vErrors.length;
}
}
}
else {
const err12 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.type,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
validate34.errors = vErrors;
return errors === 0;
}


function validate33(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "requiredDuringSchedulingIgnoredDuringExecution") || (key0 === "preferredDuringSchedulingIgnoredDuringExecution"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.requiredDuringSchedulingIgnoredDuringExecution !== undefined){
let data0 = data.requiredDuringSchedulingIgnoredDuringExecution;
if(Array.isArray(data0)){
if(data0.length > 16){
const err1 = {instancePath:instancePath+"/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/requiredDuringSchedulingIgnoredDuringExecution/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema11.properties.requiredDuringSchedulingIgnoredDuringExecution,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(validate34(data0[i0], {instancePath:instancePath+"/requiredDuringSchedulingIgnoredDuringExecution/" + i0,parentData:data0,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath:instancePath+"/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/requiredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.requiredDuringSchedulingIgnoredDuringExecution.type,parentSchema:schema11.properties.requiredDuringSchedulingIgnoredDuringExecution,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.preferredDuringSchedulingIgnoredDuringExecution !== undefined){
let data2 = data.preferredDuringSchedulingIgnoredDuringExecution;
if(Array.isArray(data2)){
if(data2.length > 16){
const err3 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution,data:data2};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.weight === undefined){
const err4 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/items/required",keyword:"required",params:{missingProperty: "weight"},message:"must have required property '"+"weight"+"'",schema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items.required,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data3};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data3.podAffinityTerm === undefined){
const err5 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/items/required",keyword:"required",params:{missingProperty: "podAffinityTerm"},message:"must have required property '"+"podAffinityTerm"+"'",schema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items.required,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data3};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key1 in data3){
if(!((key1 === "weight") || (key1 === "podAffinityTerm"))){
const err6 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data3.weight !== undefined){
let data4 = data3.weight;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err7 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/weight",schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight.type,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 100 || isNaN(data4)){
const err8 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/weight",schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data4 < 1 || isNaN(data4)){
const err9 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/weight",schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
if(data3.podAffinityTerm !== undefined){
if(!(validate34(data3.podAffinityTerm, {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1+"/podAffinityTerm",parentData:data3,parentDataProperty:"podAffinityTerm",rootData}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
}
}
else {
const err10 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution/" + i1,schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items.type,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/preferredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution.type,parentSchema:schema11.properties.preferredDuringSchedulingIgnoredDuringExecution,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.type,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
validate33.errors = vErrors;
return errors === 0;
}

const schema14 = {"additionalProperties":false,"type":"object","required":["name","key"],"properties":{"name":{"minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","type":"string"},"key":{"minLength":1,"maxLength":253,"pattern":"^(\\.?[-\\w][-.\\w]*)$","type":"string"},"optional":{"type":"boolean"}}};
const pattern54 = new RegExp("^(\\.?[-\\w][-.\\w]*)$", "u");

function validate42(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema14.required,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.key === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'",schema:schema14.required,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "key")) || (key0 === "optional"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(func2(data0) > 253){
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema14.properties.name,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func2(data0) < 1){
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema14.properties.name,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!pattern27.test(data0)){
const err5 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema14.properties.name,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema14.properties.name.type,parentSchema:schema14.properties.name,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.key !== undefined){
let data1 = data.key;
if(typeof data1 === "string"){
if(func2(data1) > 253){
const err7 = {instancePath:instancePath+"/key",schemaPath:"#/properties/key/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema14.properties.key,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(func2(data1) < 1){
const err8 = {instancePath:instancePath+"/key",schemaPath:"#/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema14.properties.key,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!pattern54.test(data1)){
const err9 = {instancePath:instancePath+"/key",schemaPath:"#/properties/key/pattern",keyword:"pattern",params:{pattern: "^(\\.?[-\\w][-.\\w]*)$"},message:"must match pattern \""+"^(\\.?[-\\w][-.\\w]*)$"+"\"",schema:"^(\\.?[-\\w][-.\\w]*)$",parentSchema:schema14.properties.key,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/key",schemaPath:"#/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema14.properties.key.type,parentSchema:schema14.properties.key,data:data1};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.optional !== undefined){
let data2 = data.optional;
if(typeof data2 !== "boolean"){
const err11 = {instancePath:instancePath+"/optional",schemaPath:"#/properties/optional/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema14.properties.optional.type,parentSchema:schema14.properties.optional,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema14.type,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
validate42.errors = vErrors;
return errors === 0;
}


function validate29(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func6.call(schema9.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema9,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.labels !== undefined){
let data0 = data.labels;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(Object.keys(data0).length > 32){
const err1 = {instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema9.properties.labels,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key1 in data0){
if(pattern30.test(key1)){
let data1 = data0[key1];
if(typeof data1 === "string"){
if(func2(data1) > 63){
const err2 = {instancePath:instancePath+"/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/labels/patternProperties/%5E(.*)%24/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema9.properties.labels.patternProperties["^(.*)$"],data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(!pattern31.test(data1)){
const err3 = {instancePath:instancePath+"/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/labels/patternProperties/%5E(.*)%24/pattern",keyword:"pattern",params:{pattern: "^([^\\W_]([-.\\w]*[^\\W_])?)?$"},message:"must match pattern \""+"^([^\\W_]([-.\\w]*[^\\W_])?)?$"+"\"",schema:"^([^\\W_]([-.\\w]*[^\\W_])?)?$",parentSchema:schema9.properties.labels.patternProperties["^(.*)$"],data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/labels/patternProperties/%5E(.*)%24/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.labels.patternProperties["^(.*)$"].type,parentSchema:schema9.properties.labels.patternProperties["^(.*)$"],data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
}
else {
const err5 = {instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.labels.type,parentSchema:schema9.properties.labels,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.annotations !== undefined){
let data2 = data.annotations;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(Object.keys(data2).length > 32){
const err6 = {instancePath:instancePath+"/annotations",schemaPath:"#/properties/annotations/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema9.properties.annotations,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
for(const key2 in data2){
if(pattern30.test(key2)){
let data3 = data2[key2];
if(typeof data3 === "string"){
if(func2(data3) > 4096){
const err7 = {instancePath:instancePath+"/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/annotations/patternProperties/%5E(.*)%24/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters",schema:4096,parentSchema:schema9.properties.annotations.patternProperties["^(.*)$"],data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/annotations/patternProperties/%5E(.*)%24/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.annotations.patternProperties["^(.*)$"].type,parentSchema:schema9.properties.annotations.patternProperties["^(.*)$"],data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
}
else {
const err9 = {instancePath:instancePath+"/annotations",schemaPath:"#/properties/annotations/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.annotations.type,parentSchema:schema9.properties.annotations,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.image !== undefined){
let data4 = data.image;
if(typeof data4 === "string"){
if(func2(data4) > 512){
const err10 = {instancePath:instancePath+"/image",schemaPath:"#/properties/image/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema9.properties.image,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(func2(data4) < 1){
const err11 = {instancePath:instancePath+"/image",schemaPath:"#/properties/image/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.image,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!pattern33.test(data4)){
const err12 = {instancePath:instancePath+"/image",schemaPath:"#/properties/image/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},message:"must match pattern \""+"^[^\\s]+$"+"\"",schema:"^[^\\s]+$",parentSchema:schema9.properties.image,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/image",schemaPath:"#/properties/image/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.image.type,parentSchema:schema9.properties.image,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.resources !== undefined){
let data5 = data.resources;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key3 in data5){
if(!((key3 === "requests") || (key3 === "limits"))){
const err14 = {instancePath:instancePath+"/resources",schemaPath:"#/properties/resources/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.resources,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data5.requests !== undefined){
let data6 = data5.requests;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(Object.keys(data6).length > 32){
const err15 = {instancePath:instancePath+"/resources/requests",schemaPath:"#/properties/resources/properties/requests/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema9.properties.resources.properties.requests,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key4 in data6){
if(pattern30.test(key4)){
let data7 = data6[key4];
if((typeof data7 !== "string") && (!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7))))){
const err16 = {instancePath:instancePath+"/resources/requests/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/requests/patternProperties/%5E(.*)%24/type",keyword:"type",params:{type: schema9.properties.resources.properties.requests.patternProperties["^(.*)$"].type},message:"must be string,integer",schema:schema9.properties.resources.properties.requests.patternProperties["^(.*)$"].type,parentSchema:schema9.properties.resources.properties.requests.patternProperties["^(.*)$"],data:data7};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
const err17 = {instancePath:instancePath+"/resources/requests/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/requests/patternProperties/%5E(.*)%24/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema9.properties.resources.properties.requests.patternProperties["^(.*)$"],data:data7};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(typeof data7 === "string"){
if(func2(data7) > 32){
const err18 = {instancePath:instancePath+"/resources/requests/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/requests/patternProperties/%5E(.*)%24/maxLength",keyword:"maxLength",params:{limit: 32},message:"must NOT have more than 32 characters",schema:32,parentSchema:schema9.properties.resources.properties.requests.patternProperties["^(.*)$"],data:data7};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!pattern35.test(data7)){
const err19 = {instancePath:instancePath+"/resources/requests/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/requests/patternProperties/%5E(.*)%24/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"},message:"must match pattern \""+"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"+"\"",schema:"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",parentSchema:schema9.properties.resources.properties.requests.patternProperties["^(.*)$"],data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
}
}
else {
const err20 = {instancePath:instancePath+"/resources/requests",schemaPath:"#/properties/resources/properties/requests/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.resources.properties.requests.type,parentSchema:schema9.properties.resources.properties.requests,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data5.limits !== undefined){
let data8 = data5.limits;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(Object.keys(data8).length > 32){
const err21 = {instancePath:instancePath+"/resources/limits",schemaPath:"#/properties/resources/properties/limits/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema9.properties.resources.properties.limits,data:data8};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
for(const key5 in data8){
if(pattern30.test(key5)){
let data9 = data8[key5];
if((typeof data9 !== "string") && (!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9))))){
const err22 = {instancePath:instancePath+"/resources/limits/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/limits/patternProperties/%5E(.*)%24/type",keyword:"type",params:{type: schema9.properties.resources.properties.limits.patternProperties["^(.*)$"].type},message:"must be string,integer",schema:schema9.properties.resources.properties.limits.patternProperties["^(.*)$"].type,parentSchema:schema9.properties.resources.properties.limits.patternProperties["^(.*)$"],data:data9};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
const err23 = {instancePath:instancePath+"/resources/limits/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/limits/patternProperties/%5E(.*)%24/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema9.properties.resources.properties.limits.patternProperties["^(.*)$"],data:data9};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(typeof data9 === "string"){
if(func2(data9) > 32){
const err24 = {instancePath:instancePath+"/resources/limits/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/limits/patternProperties/%5E(.*)%24/maxLength",keyword:"maxLength",params:{limit: 32},message:"must NOT have more than 32 characters",schema:32,parentSchema:schema9.properties.resources.properties.limits.patternProperties["^(.*)$"],data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(!pattern35.test(data9)){
const err25 = {instancePath:instancePath+"/resources/limits/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/resources/properties/limits/patternProperties/%5E(.*)%24/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"},message:"must match pattern \""+"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"+"\"",schema:"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",parentSchema:schema9.properties.resources.properties.limits.patternProperties["^(.*)$"],data:data9};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
}
}
else {
const err26 = {instancePath:instancePath+"/resources/limits",schemaPath:"#/properties/resources/properties/limits/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.resources.properties.limits.type,parentSchema:schema9.properties.resources.properties.limits,data:data8};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
else {
const err27 = {instancePath:instancePath+"/resources",schemaPath:"#/properties/resources/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.resources.type,parentSchema:schema9.properties.resources,data:data5};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.nodeSelector !== undefined){
let data10 = data.nodeSelector;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(Object.keys(data10).length > 32){
const err28 = {instancePath:instancePath+"/nodeSelector",schemaPath:"#/properties/nodeSelector/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema9.properties.nodeSelector,data:data10};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
for(const key6 in data10){
if(pattern30.test(key6)){
let data11 = data10[key6];
if(typeof data11 === "string"){
if(func2(data11) > 63){
const err29 = {instancePath:instancePath+"/nodeSelector/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodeSelector/patternProperties/%5E(.*)%24/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema9.properties.nodeSelector.patternProperties["^(.*)$"],data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(!pattern31.test(data11)){
const err30 = {instancePath:instancePath+"/nodeSelector/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodeSelector/patternProperties/%5E(.*)%24/pattern",keyword:"pattern",params:{pattern: "^([^\\W_]([-.\\w]*[^\\W_])?)?$"},message:"must match pattern \""+"^([^\\W_]([-.\\w]*[^\\W_])?)?$"+"\"",schema:"^([^\\W_]([-.\\w]*[^\\W_])?)?$",parentSchema:schema9.properties.nodeSelector.patternProperties["^(.*)$"],data:data11};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/nodeSelector/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodeSelector/patternProperties/%5E(.*)%24/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.nodeSelector.patternProperties["^(.*)$"].type,parentSchema:schema9.properties.nodeSelector.patternProperties["^(.*)$"],data:data11};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
}
else {
const err32 = {instancePath:instancePath+"/nodeSelector",schemaPath:"#/properties/nodeSelector/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.nodeSelector.type,parentSchema:schema9.properties.nodeSelector,data:data10};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data.priorityClassName !== undefined){
let data12 = data.priorityClassName;
if(typeof data12 === "string"){
if(func2(data12) > 253){
const err33 = {instancePath:instancePath+"/priorityClassName",schemaPath:"#/properties/priorityClassName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.priorityClassName,data:data12};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(func2(data12) < 1){
const err34 = {instancePath:instancePath+"/priorityClassName",schemaPath:"#/properties/priorityClassName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.priorityClassName,data:data12};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(!pattern27.test(data12)){
const err35 = {instancePath:instancePath+"/priorityClassName",schemaPath:"#/properties/priorityClassName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.priorityClassName,data:data12};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/priorityClassName",schemaPath:"#/properties/priorityClassName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.priorityClassName.type,parentSchema:schema9.properties.priorityClassName,data:data12};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data.tolerations !== undefined){
let data13 = data.tolerations;
if(Array.isArray(data13)){
if(data13.length > 32){
const err37 = {instancePath:instancePath+"/tolerations",schemaPath:"#/properties/tolerations/maxItems",keyword:"maxItems",params:{limit: 32},message:"must NOT have more than 32 items",schema:32,parentSchema:schema9.properties.tolerations,data:data13};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
const len0 = data13.length;
for(let i0=0; i0<len0; i0++){
let data14 = data13[i0];
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key7 in data14){
if(!(((((key7 === "key") || (key7 === "operator")) || (key7 === "value")) || (key7 === "effect")) || (key7 === "tolerationSeconds"))){
const err38 = {instancePath:instancePath+"/tolerations/" + i0,schemaPath:"#/properties/tolerations/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.tolerations.items,data:data14};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data14.key !== undefined){
let data15 = data14.key;
if(typeof data15 === "string"){
if(func2(data15) > 255){
const err39 = {instancePath:instancePath+"/tolerations/" + i0+"/key",schemaPath:"#/properties/tolerations/items/properties/key/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters",schema:255,parentSchema:schema9.properties.tolerations.items.properties.key,data:data15};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(func2(data15) < 1){
const err40 = {instancePath:instancePath+"/tolerations/" + i0+"/key",schemaPath:"#/properties/tolerations/items/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.tolerations.items.properties.key,data:data15};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(!pattern41.test(data15)){
const err41 = {instancePath:instancePath+"/tolerations/" + i0+"/key",schemaPath:"#/properties/tolerations/items/properties/key/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"},message:"must match pattern \""+"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$"+"\"",schema:"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[^\\W_]([-.\\w]{0,61}[^\\W_])?$",parentSchema:schema9.properties.tolerations.items.properties.key,data:data15};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/tolerations/" + i0+"/key",schemaPath:"#/properties/tolerations/items/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.tolerations.items.properties.key.type,parentSchema:schema9.properties.tolerations.items.properties.key,data:data15};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data14.operator !== undefined){
let data16 = data14.operator;
if(typeof data16 !== "string"){
const err43 = {instancePath:instancePath+"/tolerations/" + i0+"/operator",schemaPath:"#/properties/tolerations/items/properties/operator/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.tolerations.items.properties.operator.type,parentSchema:schema9.properties.tolerations.items.properties.operator,data:data16};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(!((data16 === "Equal") || (data16 === "Exists"))){
const err44 = {instancePath:instancePath+"/tolerations/" + i0+"/operator",schemaPath:"#/properties/tolerations/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema9.properties.tolerations.items.properties.operator.enum},message:"must be equal to one of the allowed values",schema:schema9.properties.tolerations.items.properties.operator.enum,parentSchema:schema9.properties.tolerations.items.properties.operator,data:data16};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data14.value !== undefined){
let data17 = data14.value;
if(typeof data17 === "string"){
if(func2(data17) > 63){
const err45 = {instancePath:instancePath+"/tolerations/" + i0+"/value",schemaPath:"#/properties/tolerations/items/properties/value/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema9.properties.tolerations.items.properties.value,data:data17};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(!pattern31.test(data17)){
const err46 = {instancePath:instancePath+"/tolerations/" + i0+"/value",schemaPath:"#/properties/tolerations/items/properties/value/pattern",keyword:"pattern",params:{pattern: "^([^\\W_]([-.\\w]*[^\\W_])?)?$"},message:"must match pattern \""+"^([^\\W_]([-.\\w]*[^\\W_])?)?$"+"\"",schema:"^([^\\W_]([-.\\w]*[^\\W_])?)?$",parentSchema:schema9.properties.tolerations.items.properties.value,data:data17};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
else {
const err47 = {instancePath:instancePath+"/tolerations/" + i0+"/value",schemaPath:"#/properties/tolerations/items/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.tolerations.items.properties.value.type,parentSchema:schema9.properties.tolerations.items.properties.value,data:data17};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data14.effect !== undefined){
let data18 = data14.effect;
if(typeof data18 !== "string"){
const err48 = {instancePath:instancePath+"/tolerations/" + i0+"/effect",schemaPath:"#/properties/tolerations/items/properties/effect/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.tolerations.items.properties.effect.type,parentSchema:schema9.properties.tolerations.items.properties.effect,data:data18};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(!(((data18 === "NoSchedule") || (data18 === "PreferNoSchedule")) || (data18 === "NoExecute"))){
const err49 = {instancePath:instancePath+"/tolerations/" + i0+"/effect",schemaPath:"#/properties/tolerations/items/properties/effect/enum",keyword:"enum",params:{allowedValues: schema9.properties.tolerations.items.properties.effect.enum},message:"must be equal to one of the allowed values",schema:schema9.properties.tolerations.items.properties.effect.enum,parentSchema:schema9.properties.tolerations.items.properties.effect,data:data18};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(data14.tolerationSeconds !== undefined){
let data19 = data14.tolerationSeconds;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
const err50 = {instancePath:instancePath+"/tolerations/" + i0+"/tolerationSeconds",schemaPath:"#/properties/tolerations/items/properties/tolerationSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema9.properties.tolerations.items.properties.tolerationSeconds.type,parentSchema:schema9.properties.tolerations.items.properties.tolerationSeconds,data:data19};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 2147483647 || isNaN(data19)){
const err51 = {instancePath:instancePath+"/tolerations/" + i0+"/tolerationSeconds",schemaPath:"#/properties/tolerations/items/properties/tolerationSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema9.properties.tolerations.items.properties.tolerationSeconds,data:data19};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data19 < 0 || isNaN(data19)){
const err52 = {instancePath:instancePath+"/tolerations/" + i0+"/tolerationSeconds",schemaPath:"#/properties/tolerations/items/properties/tolerationSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema9.properties.tolerations.items.properties.tolerationSeconds,data:data19};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
}
}
else {
const err53 = {instancePath:instancePath+"/tolerations/" + i0,schemaPath:"#/properties/tolerations/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.tolerations.items.type,parentSchema:schema9.properties.tolerations.items,data:data14};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/tolerations",schemaPath:"#/properties/tolerations/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.tolerations.type,parentSchema:schema9.properties.tolerations,data:data13};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data.affinity !== undefined){
let data20 = data.affinity;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
for(const key8 in data20){
if(!(((key8 === "nodeAffinity") || (key8 === "podAffinity")) || (key8 === "podAntiAffinity"))){
const err55 = {instancePath:instancePath+"/affinity",schemaPath:"#/properties/affinity/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.affinity,data:data20};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data20.nodeAffinity !== undefined){
let data21 = data20.nodeAffinity;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
for(const key9 in data21){
if(!((key9 === "requiredDuringSchedulingIgnoredDuringExecution") || (key9 === "preferredDuringSchedulingIgnoredDuringExecution"))){
const err56 = {instancePath:instancePath+"/affinity/nodeAffinity",schemaPath:"#/properties/affinity/properties/nodeAffinity/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.affinity.properties.nodeAffinity,data:data21};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data21.requiredDuringSchedulingIgnoredDuringExecution !== undefined){
let data22 = data21.requiredDuringSchedulingIgnoredDuringExecution;
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
if(data22.nodeSelectorTerms === undefined){
const err57 = {instancePath:instancePath+"/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/required",keyword:"required",params:{missingProperty: "nodeSelectorTerms"},message:"must have required property '"+"nodeSelectorTerms"+"'",schema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution.required,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution,data:data22};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
for(const key10 in data22){
if(!(key10 === "nodeSelectorTerms")){
const err58 = {instancePath:instancePath+"/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution,data:data22};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data22.nodeSelectorTerms !== undefined){
let data23 = data22.nodeSelectorTerms;
if(Array.isArray(data23)){
if(data23.length > 16){
const err59 = {instancePath:instancePath+"/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/properties/nodeSelectorTerms/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution.properties.nodeSelectorTerms,data:data23};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(data23.length < 1){
const err60 = {instancePath:instancePath+"/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/properties/nodeSelectorTerms/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution.properties.nodeSelectorTerms,data:data23};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
const len1 = data23.length;
for(let i1=0; i1<len1; i1++){
if(!(validate30(data23[i1], {instancePath:instancePath+"/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/" + i1,parentData:data23,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
}
else {
const err61 = {instancePath:instancePath+"/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/properties/nodeSelectorTerms/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution.properties.nodeSelectorTerms.type,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution.properties.nodeSelectorTerms,data:data23};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
}
else {
const err62 = {instancePath:instancePath+"/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/requiredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution.type,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.requiredDuringSchedulingIgnoredDuringExecution,data:data22};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data21.preferredDuringSchedulingIgnoredDuringExecution !== undefined){
let data25 = data21.preferredDuringSchedulingIgnoredDuringExecution;
if(Array.isArray(data25)){
if(data25.length > 16){
const err63 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution,data:data25};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
const len2 = data25.length;
for(let i2=0; i2<len2; i2++){
let data26 = data25[i2];
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(data26.weight === undefined){
const err64 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2,schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/required",keyword:"required",params:{missingProperty: "weight"},message:"must have required property '"+"weight"+"'",schema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items.required,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data26};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if(data26.preference === undefined){
const err65 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2,schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/required",keyword:"required",params:{missingProperty: "preference"},message:"must have required property '"+"preference"+"'",schema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items.required,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data26};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
for(const key11 in data26){
if(!((key11 === "weight") || (key11 === "preference"))){
const err66 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2,schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data26};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data26.weight !== undefined){
let data27 = data26.weight;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
const err67 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2+"/weight",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight.type,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight,data:data27};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 > 100 || isNaN(data27)){
const err68 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2+"/weight",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight,data:data27};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(data27 < 1 || isNaN(data27)){
const err69 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2+"/weight",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items.properties.weight,data:data27};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
}
if(data26.preference !== undefined){
if(!(validate30(data26.preference, {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2+"/preference",parentData:data26,parentDataProperty:"preference",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
}
else {
const err70 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/" + i2,schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items.type,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.items,data:data26};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
else {
const err71 = {instancePath:instancePath+"/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution",schemaPath:"#/properties/affinity/properties/nodeAffinity/properties/preferredDuringSchedulingIgnoredDuringExecution/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution.type,parentSchema:schema9.properties.affinity.properties.nodeAffinity.properties.preferredDuringSchedulingIgnoredDuringExecution,data:data25};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
}
else {
const err72 = {instancePath:instancePath+"/affinity/nodeAffinity",schemaPath:"#/properties/affinity/properties/nodeAffinity/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.affinity.properties.nodeAffinity.type,parentSchema:schema9.properties.affinity.properties.nodeAffinity,data:data21};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data20.podAffinity !== undefined){
if(!(validate33(data20.podAffinity, {instancePath:instancePath+"/affinity/podAffinity",parentData:data20,parentDataProperty:"podAffinity",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data20.podAntiAffinity !== undefined){
if(!(validate33(data20.podAntiAffinity, {instancePath:instancePath+"/affinity/podAntiAffinity",parentData:data20,parentDataProperty:"podAntiAffinity",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
}
else {
const err73 = {instancePath:instancePath+"/affinity",schemaPath:"#/properties/affinity/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.affinity.type,parentSchema:schema9.properties.affinity,data:data20};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data.imagePullSecrets !== undefined){
let data31 = data.imagePullSecrets;
if(Array.isArray(data31)){
if(data31.length > 16){
const err74 = {instancePath:instancePath+"/imagePullSecrets",schemaPath:"#/properties/imagePullSecrets/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema9.properties.imagePullSecrets,data:data31};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
const len3 = data31.length;
for(let i3=0; i3<len3; i3++){
let data32 = data31[i3];
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
if(data32.name === undefined){
const err75 = {instancePath:instancePath+"/imagePullSecrets/" + i3,schemaPath:"#/properties/imagePullSecrets/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.imagePullSecrets.items.required,parentSchema:schema9.properties.imagePullSecrets.items,data:data32};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
for(const key12 in data32){
if(!(key12 === "name")){
const err76 = {instancePath:instancePath+"/imagePullSecrets/" + i3,schemaPath:"#/properties/imagePullSecrets/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.imagePullSecrets.items,data:data32};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data32.name !== undefined){
let data33 = data32.name;
if(typeof data33 === "string"){
if(func2(data33) > 253){
const err77 = {instancePath:instancePath+"/imagePullSecrets/" + i3+"/name",schemaPath:"#/properties/imagePullSecrets/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.imagePullSecrets.items.properties.name,data:data33};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(func2(data33) < 1){
const err78 = {instancePath:instancePath+"/imagePullSecrets/" + i3+"/name",schemaPath:"#/properties/imagePullSecrets/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.imagePullSecrets.items.properties.name,data:data33};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(!pattern27.test(data33)){
const err79 = {instancePath:instancePath+"/imagePullSecrets/" + i3+"/name",schemaPath:"#/properties/imagePullSecrets/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.imagePullSecrets.items.properties.name,data:data33};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/imagePullSecrets/" + i3+"/name",schemaPath:"#/properties/imagePullSecrets/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.imagePullSecrets.items.properties.name.type,parentSchema:schema9.properties.imagePullSecrets.items.properties.name,data:data33};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
}
else {
const err81 = {instancePath:instancePath+"/imagePullSecrets/" + i3,schemaPath:"#/properties/imagePullSecrets/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.imagePullSecrets.items.type,parentSchema:schema9.properties.imagePullSecrets.items,data:data32};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
}
else {
const err82 = {instancePath:instancePath+"/imagePullSecrets",schemaPath:"#/properties/imagePullSecrets/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.imagePullSecrets.type,parentSchema:schema9.properties.imagePullSecrets,data:data31};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data.env !== undefined){
let data34 = data.env;
if(Array.isArray(data34)){
if(data34.length > 64){
const err83 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema9.properties.env,data:data34};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
const len4 = data34.length;
for(let i4=0; i4<len4; i4++){
let data35 = data34[i4];
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.name === undefined){
const err84 = {instancePath:instancePath+"/env/" + i4,schemaPath:"#/properties/env/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.env.items.required,parentSchema:schema9.properties.env.items,data:data35};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
for(const key13 in data35){
if(!(((key13 === "name") || (key13 === "value")) || (key13 === "valueFrom"))){
const err85 = {instancePath:instancePath+"/env/" + i4,schemaPath:"#/properties/env/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.env.items,data:data35};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data35.name !== undefined){
let data36 = data35.name;
if(typeof data36 === "string"){
if(func2(data36) > 128){
const err86 = {instancePath:instancePath+"/env/" + i4+"/name",schemaPath:"#/properties/env/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters",schema:128,parentSchema:schema9.properties.env.items.properties.name,data:data36};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(func2(data36) < 1){
const err87 = {instancePath:instancePath+"/env/" + i4+"/name",schemaPath:"#/properties/env/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.env.items.properties.name,data:data36};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if(!pattern52.test(data36)){
const err88 = {instancePath:instancePath+"/env/" + i4+"/name",schemaPath:"#/properties/env/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},message:"must match pattern \""+"^[A-Za-z_][A-Za-z0-9_]*$"+"\"",schema:"^[A-Za-z_][A-Za-z0-9_]*$",parentSchema:schema9.properties.env.items.properties.name,data:data36};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
else {
const err89 = {instancePath:instancePath+"/env/" + i4+"/name",schemaPath:"#/properties/env/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.env.items.properties.name.type,parentSchema:schema9.properties.env.items.properties.name,data:data36};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data35.value !== undefined){
let data37 = data35.value;
if(typeof data37 === "string"){
if(func2(data37) > 4096){
const err90 = {instancePath:instancePath+"/env/" + i4+"/value",schemaPath:"#/properties/env/items/properties/value/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters",schema:4096,parentSchema:schema9.properties.env.items.properties.value,data:data37};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/env/" + i4+"/value",schemaPath:"#/properties/env/items/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.env.items.properties.value.type,parentSchema:schema9.properties.env.items.properties.value,data:data37};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data35.valueFrom !== undefined){
let data38 = data35.valueFrom;
if(data38 && typeof data38 == "object" && !Array.isArray(data38)){
for(const key14 in data38){
if(!((key14 === "secretKeyRef") || (key14 === "configMapKeyRef"))){
const err92 = {instancePath:instancePath+"/env/" + i4+"/valueFrom",schemaPath:"#/properties/env/items/properties/valueFrom/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.env.items.properties.valueFrom,data:data38};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data38.secretKeyRef !== undefined){
if(!(validate42(data38.secretKeyRef, {instancePath:instancePath+"/env/" + i4+"/valueFrom/secretKeyRef",parentData:data38,parentDataProperty:"secretKeyRef",rootData}))){
vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
errors = vErrors.length;
}
}
if(data38.configMapKeyRef !== undefined){
if(!(validate42(data38.configMapKeyRef, {instancePath:instancePath+"/env/" + i4+"/valueFrom/configMapKeyRef",parentData:data38,parentDataProperty:"configMapKeyRef",rootData}))){
vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
errors = vErrors.length;
}
}
}
else {
const err93 = {instancePath:instancePath+"/env/" + i4+"/valueFrom",schemaPath:"#/properties/env/items/properties/valueFrom/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.env.items.properties.valueFrom.type,parentSchema:schema9.properties.env.items.properties.valueFrom,data:data38};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
}
else {
const err94 = {instancePath:instancePath+"/env/" + i4,schemaPath:"#/properties/env/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.env.items.type,parentSchema:schema9.properties.env.items,data:data35};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
}
else {
const err95 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.env.type,parentSchema:schema9.properties.env,data:data34};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data.envFrom !== undefined){
let data41 = data.envFrom;
if(Array.isArray(data41)){
if(data41.length > 16){
const err96 = {instancePath:instancePath+"/envFrom",schemaPath:"#/properties/envFrom/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema9.properties.envFrom,data:data41};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
const len5 = data41.length;
for(let i5=0; i5<len5; i5++){
let data42 = data41[i5];
if(data42 && typeof data42 == "object" && !Array.isArray(data42)){
for(const key15 in data42){
if(!(((key15 === "prefix") || (key15 === "secretRef")) || (key15 === "configMapRef"))){
const err97 = {instancePath:instancePath+"/envFrom/" + i5,schemaPath:"#/properties/envFrom/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.envFrom.items,data:data42};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
if(data42.prefix !== undefined){
let data43 = data42.prefix;
if(typeof data43 === "string"){
if(func2(data43) > 64){
const err98 = {instancePath:instancePath+"/envFrom/" + i5+"/prefix",schemaPath:"#/properties/envFrom/items/properties/prefix/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters",schema:64,parentSchema:schema9.properties.envFrom.items.properties.prefix,data:data43};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(func2(data43) < 1){
const err99 = {instancePath:instancePath+"/envFrom/" + i5+"/prefix",schemaPath:"#/properties/envFrom/items/properties/prefix/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.envFrom.items.properties.prefix,data:data43};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(!pattern52.test(data43)){
const err100 = {instancePath:instancePath+"/envFrom/" + i5+"/prefix",schemaPath:"#/properties/envFrom/items/properties/prefix/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},message:"must match pattern \""+"^[A-Za-z_][A-Za-z0-9_]*$"+"\"",schema:"^[A-Za-z_][A-Za-z0-9_]*$",parentSchema:schema9.properties.envFrom.items.properties.prefix,data:data43};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/envFrom/" + i5+"/prefix",schemaPath:"#/properties/envFrom/items/properties/prefix/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.envFrom.items.properties.prefix.type,parentSchema:schema9.properties.envFrom.items.properties.prefix,data:data43};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data42.secretRef !== undefined){
let data44 = data42.secretRef;
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
if(data44.name === undefined){
const err102 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef",schemaPath:"#/properties/envFrom/items/properties/secretRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.envFrom.items.properties.secretRef.required,parentSchema:schema9.properties.envFrom.items.properties.secretRef,data:data44};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
for(const key16 in data44){
if(!((key16 === "name") || (key16 === "optional"))){
const err103 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef",schemaPath:"#/properties/envFrom/items/properties/secretRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.envFrom.items.properties.secretRef,data:data44};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data44.name !== undefined){
let data45 = data44.name;
if(typeof data45 === "string"){
if(func2(data45) > 253){
const err104 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef/name",schemaPath:"#/properties/envFrom/items/properties/secretRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.envFrom.items.properties.secretRef.properties.name,data:data45};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(func2(data45) < 1){
const err105 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef/name",schemaPath:"#/properties/envFrom/items/properties/secretRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.envFrom.items.properties.secretRef.properties.name,data:data45};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(!pattern27.test(data45)){
const err106 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef/name",schemaPath:"#/properties/envFrom/items/properties/secretRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.envFrom.items.properties.secretRef.properties.name,data:data45};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
else {
const err107 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef/name",schemaPath:"#/properties/envFrom/items/properties/secretRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.envFrom.items.properties.secretRef.properties.name.type,parentSchema:schema9.properties.envFrom.items.properties.secretRef.properties.name,data:data45};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data44.optional !== undefined){
let data46 = data44.optional;
if(typeof data46 !== "boolean"){
const err108 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef/optional",schemaPath:"#/properties/envFrom/items/properties/secretRef/properties/optional/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.envFrom.items.properties.secretRef.properties.optional.type,parentSchema:schema9.properties.envFrom.items.properties.secretRef.properties.optional,data:data46};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
else {
const err109 = {instancePath:instancePath+"/envFrom/" + i5+"/secretRef",schemaPath:"#/properties/envFrom/items/properties/secretRef/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.envFrom.items.properties.secretRef.type,parentSchema:schema9.properties.envFrom.items.properties.secretRef,data:data44};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data42.configMapRef !== undefined){
let data47 = data42.configMapRef;
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
if(data47.name === undefined){
const err110 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef",schemaPath:"#/properties/envFrom/items/properties/configMapRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.envFrom.items.properties.configMapRef.required,parentSchema:schema9.properties.envFrom.items.properties.configMapRef,data:data47};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
for(const key17 in data47){
if(!((key17 === "name") || (key17 === "optional"))){
const err111 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef",schemaPath:"#/properties/envFrom/items/properties/configMapRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.envFrom.items.properties.configMapRef,data:data47};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data47.name !== undefined){
let data48 = data47.name;
if(typeof data48 === "string"){
if(func2(data48) > 253){
const err112 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef/name",schemaPath:"#/properties/envFrom/items/properties/configMapRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.envFrom.items.properties.configMapRef.properties.name,data:data48};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
if(func2(data48) < 1){
const err113 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef/name",schemaPath:"#/properties/envFrom/items/properties/configMapRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.envFrom.items.properties.configMapRef.properties.name,data:data48};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(!pattern27.test(data48)){
const err114 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef/name",schemaPath:"#/properties/envFrom/items/properties/configMapRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.envFrom.items.properties.configMapRef.properties.name,data:data48};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
else {
const err115 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef/name",schemaPath:"#/properties/envFrom/items/properties/configMapRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.envFrom.items.properties.configMapRef.properties.name.type,parentSchema:schema9.properties.envFrom.items.properties.configMapRef.properties.name,data:data48};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
if(data47.optional !== undefined){
let data49 = data47.optional;
if(typeof data49 !== "boolean"){
const err116 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef/optional",schemaPath:"#/properties/envFrom/items/properties/configMapRef/properties/optional/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.envFrom.items.properties.configMapRef.properties.optional.type,parentSchema:schema9.properties.envFrom.items.properties.configMapRef.properties.optional,data:data49};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
}
else {
const err117 = {instancePath:instancePath+"/envFrom/" + i5+"/configMapRef",schemaPath:"#/properties/envFrom/items/properties/configMapRef/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.envFrom.items.properties.configMapRef.type,parentSchema:schema9.properties.envFrom.items.properties.configMapRef,data:data47};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
}
else {
const err118 = {instancePath:instancePath+"/envFrom/" + i5,schemaPath:"#/properties/envFrom/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.envFrom.items.type,parentSchema:schema9.properties.envFrom.items,data:data42};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
}
else {
const err119 = {instancePath:instancePath+"/envFrom",schemaPath:"#/properties/envFrom/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.envFrom.type,parentSchema:schema9.properties.envFrom,data:data41};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data.volumes !== undefined){
let data50 = data.volumes;
if(Array.isArray(data50)){
if(data50.length > 16){
const err120 = {instancePath:instancePath+"/volumes",schemaPath:"#/properties/volumes/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema9.properties.volumes,data:data50};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
const len6 = data50.length;
for(let i6=0; i6<len6; i6++){
let data51 = data50[i6];
if(data51 && typeof data51 == "object" && !Array.isArray(data51)){
if(data51.name === undefined){
const err121 = {instancePath:instancePath+"/volumes/" + i6,schemaPath:"#/properties/volumes/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.volumes.items.required,parentSchema:schema9.properties.volumes.items,data:data51};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
for(const key18 in data51){
if(!((((((key18 === "name") || (key18 === "configMap")) || (key18 === "secret")) || (key18 === "emptyDir")) || (key18 === "persistentVolumeClaim")) || (key18 === "projected"))){
const err122 = {instancePath:instancePath+"/volumes/" + i6,schemaPath:"#/properties/volumes/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items,data:data51};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
if(data51.name !== undefined){
let data52 = data51.name;
if(typeof data52 === "string"){
if(func2(data52) > 63){
const err123 = {instancePath:instancePath+"/volumes/" + i6+"/name",schemaPath:"#/properties/volumes/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema9.properties.volumes.items.properties.name,data:data52};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
if(func2(data52) < 1){
const err124 = {instancePath:instancePath+"/volumes/" + i6+"/name",schemaPath:"#/properties/volumes/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumes.items.properties.name,data:data52};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if(!pattern0.test(data52)){
const err125 = {instancePath:instancePath+"/volumes/" + i6+"/name",schemaPath:"#/properties/volumes/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema9.properties.volumes.items.properties.name,data:data52};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
else {
const err126 = {instancePath:instancePath+"/volumes/" + i6+"/name",schemaPath:"#/properties/volumes/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumes.items.properties.name.type,parentSchema:schema9.properties.volumes.items.properties.name,data:data52};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
if(data51.configMap !== undefined){
let data53 = data51.configMap;
if(data53 && typeof data53 == "object" && !Array.isArray(data53)){
if(data53.name === undefined){
const err127 = {instancePath:instancePath+"/volumes/" + i6+"/configMap",schemaPath:"#/properties/volumes/items/properties/configMap/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.volumes.items.properties.configMap.required,parentSchema:schema9.properties.volumes.items.properties.configMap,data:data53};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
for(const key19 in data53){
if(!((key19 === "name") || (key19 === "optional"))){
const err128 = {instancePath:instancePath+"/volumes/" + i6+"/configMap",schemaPath:"#/properties/volumes/items/properties/configMap/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key19},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.configMap,data:data53};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data53.name !== undefined){
let data54 = data53.name;
if(typeof data54 === "string"){
if(func2(data54) > 253){
const err129 = {instancePath:instancePath+"/volumes/" + i6+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/configMap/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.volumes.items.properties.configMap.properties.name,data:data54};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
if(func2(data54) < 1){
const err130 = {instancePath:instancePath+"/volumes/" + i6+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/configMap/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumes.items.properties.configMap.properties.name,data:data54};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if(!pattern27.test(data54)){
const err131 = {instancePath:instancePath+"/volumes/" + i6+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/configMap/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.volumes.items.properties.configMap.properties.name,data:data54};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
else {
const err132 = {instancePath:instancePath+"/volumes/" + i6+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/configMap/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumes.items.properties.configMap.properties.name.type,parentSchema:schema9.properties.volumes.items.properties.configMap.properties.name,data:data54};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
if(data53.optional !== undefined){
let data55 = data53.optional;
if(typeof data55 !== "boolean"){
const err133 = {instancePath:instancePath+"/volumes/" + i6+"/configMap/optional",schemaPath:"#/properties/volumes/items/properties/configMap/properties/optional/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.volumes.items.properties.configMap.properties.optional.type,parentSchema:schema9.properties.volumes.items.properties.configMap.properties.optional,data:data55};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
}
else {
const err134 = {instancePath:instancePath+"/volumes/" + i6+"/configMap",schemaPath:"#/properties/volumes/items/properties/configMap/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.configMap.type,parentSchema:schema9.properties.volumes.items.properties.configMap,data:data53};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
if(data51.secret !== undefined){
let data56 = data51.secret;
if(data56 && typeof data56 == "object" && !Array.isArray(data56)){
if(data56.secretName === undefined){
const err135 = {instancePath:instancePath+"/volumes/" + i6+"/secret",schemaPath:"#/properties/volumes/items/properties/secret/required",keyword:"required",params:{missingProperty: "secretName"},message:"must have required property '"+"secretName"+"'",schema:schema9.properties.volumes.items.properties.secret.required,parentSchema:schema9.properties.volumes.items.properties.secret,data:data56};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
for(const key20 in data56){
if(!((key20 === "secretName") || (key20 === "optional"))){
const err136 = {instancePath:instancePath+"/volumes/" + i6+"/secret",schemaPath:"#/properties/volumes/items/properties/secret/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key20},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.secret,data:data56};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
if(data56.secretName !== undefined){
let data57 = data56.secretName;
if(typeof data57 === "string"){
if(func2(data57) > 253){
const err137 = {instancePath:instancePath+"/volumes/" + i6+"/secret/secretName",schemaPath:"#/properties/volumes/items/properties/secret/properties/secretName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.volumes.items.properties.secret.properties.secretName,data:data57};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
if(func2(data57) < 1){
const err138 = {instancePath:instancePath+"/volumes/" + i6+"/secret/secretName",schemaPath:"#/properties/volumes/items/properties/secret/properties/secretName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumes.items.properties.secret.properties.secretName,data:data57};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if(!pattern27.test(data57)){
const err139 = {instancePath:instancePath+"/volumes/" + i6+"/secret/secretName",schemaPath:"#/properties/volumes/items/properties/secret/properties/secretName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.volumes.items.properties.secret.properties.secretName,data:data57};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
else {
const err140 = {instancePath:instancePath+"/volumes/" + i6+"/secret/secretName",schemaPath:"#/properties/volumes/items/properties/secret/properties/secretName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumes.items.properties.secret.properties.secretName.type,parentSchema:schema9.properties.volumes.items.properties.secret.properties.secretName,data:data57};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(data56.optional !== undefined){
let data58 = data56.optional;
if(typeof data58 !== "boolean"){
const err141 = {instancePath:instancePath+"/volumes/" + i6+"/secret/optional",schemaPath:"#/properties/volumes/items/properties/secret/properties/optional/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.volumes.items.properties.secret.properties.optional.type,parentSchema:schema9.properties.volumes.items.properties.secret.properties.optional,data:data58};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
}
else {
const err142 = {instancePath:instancePath+"/volumes/" + i6+"/secret",schemaPath:"#/properties/volumes/items/properties/secret/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.secret.type,parentSchema:schema9.properties.volumes.items.properties.secret,data:data56};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
if(data51.emptyDir !== undefined){
let data59 = data51.emptyDir;
if(data59 && typeof data59 == "object" && !Array.isArray(data59)){
for(const key21 in data59){
if(!((key21 === "medium") || (key21 === "sizeLimit"))){
const err143 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir",schemaPath:"#/properties/volumes/items/properties/emptyDir/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key21},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.emptyDir,data:data59};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
if(data59.medium !== undefined){
let data60 = data59.medium;
if(typeof data60 !== "string"){
const err144 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir/medium",schemaPath:"#/properties/volumes/items/properties/emptyDir/properties/medium/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumes.items.properties.emptyDir.properties.medium.type,parentSchema:schema9.properties.volumes.items.properties.emptyDir.properties.medium,data:data60};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if(!(data60 === "Memory")){
const err145 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir/medium",schemaPath:"#/properties/volumes/items/properties/emptyDir/properties/medium/enum",keyword:"enum",params:{allowedValues: schema9.properties.volumes.items.properties.emptyDir.properties.medium.enum},message:"must be equal to one of the allowed values",schema:schema9.properties.volumes.items.properties.emptyDir.properties.medium.enum,parentSchema:schema9.properties.volumes.items.properties.emptyDir.properties.medium,data:data60};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
if(data59.sizeLimit !== undefined){
let data61 = data59.sizeLimit;
if((typeof data61 !== "string") && (!(((typeof data61 == "number") && (!(data61 % 1) && !isNaN(data61))) && (isFinite(data61))))){
const err146 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir/sizeLimit",schemaPath:"#/properties/volumes/items/properties/emptyDir/properties/sizeLimit/type",keyword:"type",params:{type: schema9.properties.volumes.items.properties.emptyDir.properties.sizeLimit.type},message:"must be string,integer",schema:schema9.properties.volumes.items.properties.emptyDir.properties.sizeLimit.type,parentSchema:schema9.properties.volumes.items.properties.emptyDir.properties.sizeLimit,data:data61};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if((typeof data61 == "number") && (isFinite(data61))){
if(data61 < 0 || isNaN(data61)){
const err147 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir/sizeLimit",schemaPath:"#/properties/volumes/items/properties/emptyDir/properties/sizeLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema9.properties.volumes.items.properties.emptyDir.properties.sizeLimit,data:data61};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
if(typeof data61 === "string"){
if(func2(data61) > 32){
const err148 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir/sizeLimit",schemaPath:"#/properties/volumes/items/properties/emptyDir/properties/sizeLimit/maxLength",keyword:"maxLength",params:{limit: 32},message:"must NOT have more than 32 characters",schema:32,parentSchema:schema9.properties.volumes.items.properties.emptyDir.properties.sizeLimit,data:data61};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
if(!pattern35.test(data61)){
const err149 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir/sizeLimit",schemaPath:"#/properties/volumes/items/properties/emptyDir/properties/sizeLimit/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"},message:"must match pattern \""+"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"+"\"",schema:"^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",parentSchema:schema9.properties.volumes.items.properties.emptyDir.properties.sizeLimit,data:data61};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
}
}
else {
const err150 = {instancePath:instancePath+"/volumes/" + i6+"/emptyDir",schemaPath:"#/properties/volumes/items/properties/emptyDir/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.emptyDir.type,parentSchema:schema9.properties.volumes.items.properties.emptyDir,data:data59};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(data51.persistentVolumeClaim !== undefined){
let data62 = data51.persistentVolumeClaim;
if(data62 && typeof data62 == "object" && !Array.isArray(data62)){
if(data62.claimName === undefined){
const err151 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/required",keyword:"required",params:{missingProperty: "claimName"},message:"must have required property '"+"claimName"+"'",schema:schema9.properties.volumes.items.properties.persistentVolumeClaim.required,parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim,data:data62};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
for(const key22 in data62){
if(!((key22 === "claimName") || (key22 === "readOnly"))){
const err152 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key22},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim,data:data62};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
if(data62.claimName !== undefined){
let data63 = data62.claimName;
if(typeof data63 === "string"){
if(func2(data63) > 253){
const err153 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim/claimName",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/properties/claimName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim.properties.claimName,data:data63};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(func2(data63) < 1){
const err154 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim/claimName",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/properties/claimName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim.properties.claimName,data:data63};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
if(!pattern27.test(data63)){
const err155 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim/claimName",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/properties/claimName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim.properties.claimName,data:data63};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
else {
const err156 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim/claimName",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/properties/claimName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumes.items.properties.persistentVolumeClaim.properties.claimName.type,parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim.properties.claimName,data:data63};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
if(data62.readOnly !== undefined){
let data64 = data62.readOnly;
if(typeof data64 !== "boolean"){
const err157 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim/readOnly",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/properties/readOnly/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.volumes.items.properties.persistentVolumeClaim.properties.readOnly.type,parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim.properties.readOnly,data:data64};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
}
else {
const err158 = {instancePath:instancePath+"/volumes/" + i6+"/persistentVolumeClaim",schemaPath:"#/properties/volumes/items/properties/persistentVolumeClaim/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.persistentVolumeClaim.type,parentSchema:schema9.properties.volumes.items.properties.persistentVolumeClaim,data:data62};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data51.projected !== undefined){
let data65 = data51.projected;
if(data65 && typeof data65 == "object" && !Array.isArray(data65)){
if(data65.sources === undefined){
const err159 = {instancePath:instancePath+"/volumes/" + i6+"/projected",schemaPath:"#/properties/volumes/items/properties/projected/required",keyword:"required",params:{missingProperty: "sources"},message:"must have required property '"+"sources"+"'",schema:schema9.properties.volumes.items.properties.projected.required,parentSchema:schema9.properties.volumes.items.properties.projected,data:data65};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
for(const key23 in data65){
if(!(key23 === "sources")){
const err160 = {instancePath:instancePath+"/volumes/" + i6+"/projected",schemaPath:"#/properties/volumes/items/properties/projected/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key23},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.projected,data:data65};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
if(data65.sources !== undefined){
let data66 = data65.sources;
if(Array.isArray(data66)){
if(data66.length > 16){
const err161 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources,data:data66};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
if(data66.length < 1){
const err162 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources,data:data66};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
const len7 = data66.length;
for(let i7=0; i7<len7; i7++){
let data67 = data66[i7];
if(data67 && typeof data67 == "object" && !Array.isArray(data67)){
for(const key24 in data67){
if(!((key24 === "secret") || (key24 === "configMap"))){
const err163 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7,schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items,data:data67};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
if(data67.secret !== undefined){
let data68 = data67.secret;
if(data68 && typeof data68 == "object" && !Array.isArray(data68)){
if(data68.name === undefined){
const err164 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.required,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret,data:data68};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
for(const key25 in data68){
if(!((key25 === "name") || (key25 === "optional"))){
const err165 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key25},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret,data:data68};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
if(data68.name !== undefined){
let data69 = data68.name;
if(typeof data69 === "string"){
if(func2(data69) > 253){
const err166 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.properties.name,data:data69};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
if(func2(data69) < 1){
const err167 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.properties.name,data:data69};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
if(!pattern27.test(data69)){
const err168 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.properties.name,data:data69};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
else {
const err169 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.properties.name.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.properties.name,data:data69};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
if(data68.optional !== undefined){
let data70 = data68.optional;
if(typeof data70 !== "boolean"){
const err170 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret/optional",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/properties/optional/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.properties.optional.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.properties.optional,data:data70};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
}
else {
const err171 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/secret",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/secret/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.secret,data:data68};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
if(data67.configMap !== undefined){
let data71 = data67.configMap;
if(data71 && typeof data71 == "object" && !Array.isArray(data71)){
if(data71.name === undefined){
const err172 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.required,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap,data:data71};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
for(const key26 in data71){
if(!((key26 === "name") || (key26 === "optional"))){
const err173 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key26},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap,data:data71};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
if(data71.name !== undefined){
let data72 = data71.name;
if(typeof data72 === "string"){
if(func2(data72) > 253){
const err174 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.properties.name,data:data72};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
if(func2(data72) < 1){
const err175 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.properties.name,data:data72};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if(!pattern27.test(data72)){
const err176 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.properties.name,data:data72};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
else {
const err177 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap/name",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.properties.name.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.properties.name,data:data72};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
if(data71.optional !== undefined){
let data73 = data71.optional;
if(typeof data73 !== "boolean"){
const err178 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap/optional",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/properties/optional/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.properties.optional.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.properties.optional,data:data73};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
}
else {
const err179 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7+"/configMap",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/properties/configMap/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items.properties.configMap,data:data71};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
}
else {
const err180 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources/" + i7,schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.projected.properties.sources.items.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources.items,data:data67};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
}
else {
const err181 = {instancePath:instancePath+"/volumes/" + i6+"/projected/sources",schemaPath:"#/properties/volumes/items/properties/projected/properties/sources/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.volumes.items.properties.projected.properties.sources.type,parentSchema:schema9.properties.volumes.items.properties.projected.properties.sources,data:data66};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
}
else {
const err182 = {instancePath:instancePath+"/volumes/" + i6+"/projected",schemaPath:"#/properties/volumes/items/properties/projected/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.properties.projected.type,parentSchema:schema9.properties.volumes.items.properties.projected,data:data65};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
}
else {
const err183 = {instancePath:instancePath+"/volumes/" + i6,schemaPath:"#/properties/volumes/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumes.items.type,parentSchema:schema9.properties.volumes.items,data:data51};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
}
else {
const err184 = {instancePath:instancePath+"/volumes",schemaPath:"#/properties/volumes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.volumes.type,parentSchema:schema9.properties.volumes,data:data50};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
if(data.volumeMounts !== undefined){
let data74 = data.volumeMounts;
if(Array.isArray(data74)){
if(data74.length > 32){
const err185 = {instancePath:instancePath+"/volumeMounts",schemaPath:"#/properties/volumeMounts/maxItems",keyword:"maxItems",params:{limit: 32},message:"must NOT have more than 32 items",schema:32,parentSchema:schema9.properties.volumeMounts,data:data74};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
const len8 = data74.length;
for(let i8=0; i8<len8; i8++){
let data75 = data74[i8];
if(data75 && typeof data75 == "object" && !Array.isArray(data75)){
if(data75.name === undefined){
const err186 = {instancePath:instancePath+"/volumeMounts/" + i8,schemaPath:"#/properties/volumeMounts/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema9.properties.volumeMounts.items.required,parentSchema:schema9.properties.volumeMounts.items,data:data75};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
if(data75.mountPath === undefined){
const err187 = {instancePath:instancePath+"/volumeMounts/" + i8,schemaPath:"#/properties/volumeMounts/items/required",keyword:"required",params:{missingProperty: "mountPath"},message:"must have required property '"+"mountPath"+"'",schema:schema9.properties.volumeMounts.items.required,parentSchema:schema9.properties.volumeMounts.items,data:data75};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
for(const key27 in data75){
if(!((((key27 === "name") || (key27 === "mountPath")) || (key27 === "subPath")) || (key27 === "readOnly"))){
const err188 = {instancePath:instancePath+"/volumeMounts/" + i8,schemaPath:"#/properties/volumeMounts/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key27},message:"must NOT have additional properties",schema:false,parentSchema:schema9.properties.volumeMounts.items,data:data75};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
if(data75.name !== undefined){
let data76 = data75.name;
if(typeof data76 === "string"){
if(func2(data76) > 63){
const err189 = {instancePath:instancePath+"/volumeMounts/" + i8+"/name",schemaPath:"#/properties/volumeMounts/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema9.properties.volumeMounts.items.properties.name,data:data76};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
if(func2(data76) < 1){
const err190 = {instancePath:instancePath+"/volumeMounts/" + i8+"/name",schemaPath:"#/properties/volumeMounts/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumeMounts.items.properties.name,data:data76};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
if(!pattern0.test(data76)){
const err191 = {instancePath:instancePath+"/volumeMounts/" + i8+"/name",schemaPath:"#/properties/volumeMounts/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema9.properties.volumeMounts.items.properties.name,data:data76};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
else {
const err192 = {instancePath:instancePath+"/volumeMounts/" + i8+"/name",schemaPath:"#/properties/volumeMounts/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumeMounts.items.properties.name.type,parentSchema:schema9.properties.volumeMounts.items.properties.name,data:data76};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
if(data75.mountPath !== undefined){
let data77 = data75.mountPath;
if(typeof data77 === "string"){
if(func2(data77) > 512){
const err193 = {instancePath:instancePath+"/volumeMounts/" + i8+"/mountPath",schemaPath:"#/properties/volumeMounts/items/properties/mountPath/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters",schema:512,parentSchema:schema9.properties.volumeMounts.items.properties.mountPath,data:data77};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
if(func2(data77) < 1){
const err194 = {instancePath:instancePath+"/volumeMounts/" + i8+"/mountPath",schemaPath:"#/properties/volumeMounts/items/properties/mountPath/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumeMounts.items.properties.mountPath,data:data77};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
if(!pattern66.test(data77)){
const err195 = {instancePath:instancePath+"/volumeMounts/" + i8+"/mountPath",schemaPath:"#/properties/volumeMounts/items/properties/mountPath/pattern",keyword:"pattern",params:{pattern: "^(/([^/.:][^/:]*|\\.[^/.:][^/:]*|\\.\\.[^/:]+))+$"},message:"must match pattern \""+"^(/([^/.:][^/:]*|\\.[^/.:][^/:]*|\\.\\.[^/:]+))+$"+"\"",schema:"^(/([^/.:][^/:]*|\\.[^/.:][^/:]*|\\.\\.[^/:]+))+$",parentSchema:schema9.properties.volumeMounts.items.properties.mountPath,data:data77};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
}
else {
const err196 = {instancePath:instancePath+"/volumeMounts/" + i8+"/mountPath",schemaPath:"#/properties/volumeMounts/items/properties/mountPath/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumeMounts.items.properties.mountPath.type,parentSchema:schema9.properties.volumeMounts.items.properties.mountPath,data:data77};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
if(data75.subPath !== undefined){
let data78 = data75.subPath;
if(typeof data78 === "string"){
if(func2(data78) > 1024){
const err197 = {instancePath:instancePath+"/volumeMounts/" + i8+"/subPath",schemaPath:"#/properties/volumeMounts/items/properties/subPath/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters",schema:1024,parentSchema:schema9.properties.volumeMounts.items.properties.subPath,data:data78};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
if(func2(data78) < 1){
const err198 = {instancePath:instancePath+"/volumeMounts/" + i8+"/subPath",schemaPath:"#/properties/volumeMounts/items/properties/subPath/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.volumeMounts.items.properties.subPath,data:data78};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
if(!pattern2.test(data78)){
const err199 = {instancePath:instancePath+"/volumeMounts/" + i8+"/subPath",schemaPath:"#/properties/volumeMounts/items/properties/subPath/pattern",keyword:"pattern",params:{pattern: "^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"},message:"must match pattern \""+"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"+"\"",schema:"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$",parentSchema:schema9.properties.volumeMounts.items.properties.subPath,data:data78};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
else {
const err200 = {instancePath:instancePath+"/volumeMounts/" + i8+"/subPath",schemaPath:"#/properties/volumeMounts/items/properties/subPath/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.volumeMounts.items.properties.subPath.type,parentSchema:schema9.properties.volumeMounts.items.properties.subPath,data:data78};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
if(data75.readOnly !== undefined){
let data79 = data75.readOnly;
if(typeof data79 !== "boolean"){
const err201 = {instancePath:instancePath+"/volumeMounts/" + i8+"/readOnly",schemaPath:"#/properties/volumeMounts/items/properties/readOnly/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.volumeMounts.items.properties.readOnly.type,parentSchema:schema9.properties.volumeMounts.items.properties.readOnly,data:data79};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
}
else {
const err202 = {instancePath:instancePath+"/volumeMounts/" + i8,schemaPath:"#/properties/volumeMounts/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.properties.volumeMounts.items.type,parentSchema:schema9.properties.volumeMounts.items,data:data75};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
}
else {
const err203 = {instancePath:instancePath+"/volumeMounts",schemaPath:"#/properties/volumeMounts/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.properties.volumeMounts.type,parentSchema:schema9.properties.volumeMounts,data:data74};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
if(data.serviceAccountName !== undefined){
let data80 = data.serviceAccountName;
if(typeof data80 === "string"){
if(func2(data80) > 253){
const err204 = {instancePath:instancePath+"/serviceAccountName",schemaPath:"#/properties/serviceAccountName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.serviceAccountName,data:data80};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
if(func2(data80) < 1){
const err205 = {instancePath:instancePath+"/serviceAccountName",schemaPath:"#/properties/serviceAccountName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.serviceAccountName,data:data80};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
if(!pattern27.test(data80)){
const err206 = {instancePath:instancePath+"/serviceAccountName",schemaPath:"#/properties/serviceAccountName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.serviceAccountName,data:data80};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
else {
const err207 = {instancePath:instancePath+"/serviceAccountName",schemaPath:"#/properties/serviceAccountName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.serviceAccountName.type,parentSchema:schema9.properties.serviceAccountName,data:data80};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
if(data.automountServiceAccountToken !== undefined){
let data81 = data.automountServiceAccountToken;
if(typeof data81 !== "boolean"){
const err208 = {instancePath:instancePath+"/automountServiceAccountToken",schemaPath:"#/properties/automountServiceAccountToken/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema9.properties.automountServiceAccountToken.type,parentSchema:schema9.properties.automountServiceAccountToken,data:data81};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
if(data.schedulerName !== undefined){
let data82 = data.schedulerName;
if(typeof data82 === "string"){
if(func2(data82) > 253){
const err209 = {instancePath:instancePath+"/schedulerName",schemaPath:"#/properties/schedulerName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.schedulerName,data:data82};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
if(func2(data82) < 1){
const err210 = {instancePath:instancePath+"/schedulerName",schemaPath:"#/properties/schedulerName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.schedulerName,data:data82};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
if(!pattern27.test(data82)){
const err211 = {instancePath:instancePath+"/schedulerName",schemaPath:"#/properties/schedulerName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.schedulerName,data:data82};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
else {
const err212 = {instancePath:instancePath+"/schedulerName",schemaPath:"#/properties/schedulerName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.schedulerName.type,parentSchema:schema9.properties.schedulerName,data:data82};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
if(data.runtimeClassName !== undefined){
let data83 = data.runtimeClassName;
if(typeof data83 === "string"){
if(func2(data83) > 253){
const err213 = {instancePath:instancePath+"/runtimeClassName",schemaPath:"#/properties/runtimeClassName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema9.properties.runtimeClassName,data:data83};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
if(func2(data83) < 1){
const err214 = {instancePath:instancePath+"/runtimeClassName",schemaPath:"#/properties/runtimeClassName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema9.properties.runtimeClassName,data:data83};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
if(!pattern27.test(data83)){
const err215 = {instancePath:instancePath+"/runtimeClassName",schemaPath:"#/properties/runtimeClassName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",parentSchema:schema9.properties.runtimeClassName,data:data83};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
}
else {
const err216 = {instancePath:instancePath+"/runtimeClassName",schemaPath:"#/properties/runtimeClassName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.properties.runtimeClassName.type,parentSchema:schema9.properties.runtimeClassName,data:data83};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
}
}
else {
const err217 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema9.type,parentSchema:schema9,data};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
validate29.errors = vErrors;
return errors === 0;
}


function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="DistillationJob" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"},message:"must have required property '"+"apiVersion"+"'",schema:schema6.required,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'",schema:schema6.required,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"},message:"must have required property '"+"metadata"+"'",schema:schema6.required,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'",schema:schema6.required,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.apiVersion.type,parentSchema:schema6.properties.apiVersion,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if("distillation.dev/v1alpha1" !== data0){
const err6 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/const",keyword:"const",params:{allowedValue: "distillation.dev/v1alpha1"},message:"must be equal to constant",schema:"distillation.dev/v1alpha1",parentSchema:schema6.properties.apiVersion,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.kind.type,parentSchema:schema6.properties.kind,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if("DistillationJob" !== data1){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/const",keyword:"const",params:{allowedValue: "DistillationJob"},message:"must be equal to constant",schema:"DistillationJob",parentSchema:schema6.properties.kind,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err9 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema6.properties.metadata.required,parentSchema:schema6.properties.metadata,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func2(data3) > 63){
const err10 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema6.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(func2(data3) < 1){
const err11 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!pattern0.test(data3)){
const err12 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema6.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.metadata.properties.name.type,parentSchema:schema6.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data2.namespace !== undefined){
let data4 = data2.namespace;
if(typeof data4 === "string"){
if(func2(data4) > 63){
const err14 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema6.properties.metadata.properties.namespace,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(func2(data4) < 1){
const err15 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.metadata.properties.namespace,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!pattern0.test(data4)){
const err16 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema6.properties.metadata.properties.namespace,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.metadata.properties.namespace.type,parentSchema:schema6.properties.metadata.properties.namespace,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.metadata.type,parentSchema:schema6.properties.metadata,data:data2};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.spec !== undefined){
let data5 = data.spec;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.blocks === undefined){
data5.blocks = {};
}
if(data5.training === undefined){
data5.training = {};
}
if(data5.scheduling === undefined){
data5.scheduling = {};
}
if(data5.selection === undefined){
data5.selection = {};
}
if(data5.fineTuning === undefined){
data5.fineTuning = {};
}
if(data5.cluster === undefined){
data5.cluster = {};
}
if(data5.teacher === undefined){
const err19 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "teacher"},message:"must have required property '"+"teacher"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data5.dataset === undefined){
const err20 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "dataset"},message:"must have required property '"+"dataset"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data5.blocks === undefined){
const err21 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "blocks"},message:"must have required property '"+"blocks"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data5.training === undefined){
const err22 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "training"},message:"must have required property '"+"training"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data5.scheduling === undefined){
const err23 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "scheduling"},message:"must have required property '"+"scheduling"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(data5.selection === undefined){
const err24 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "selection"},message:"must have required property '"+"selection"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data5.fineTuning === undefined){
const err25 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "fineTuning"},message:"must have required property '"+"fineTuning"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(data5.outputs === undefined){
const err26 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "outputs"},message:"must have required property '"+"outputs"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(data5.cluster === undefined){
const err27 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "cluster"},message:"must have required property '"+"cluster"+"'",schema:schema6.properties.spec.required,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key1 in data5){
if(!(func6.call(schema6.properties.spec.properties, key1))){
const err28 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data5.teacher !== undefined){
let data6 = data5.teacher;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.format === undefined){
data6.format = "Auto";
}
if(data6.outputs === undefined){
data6.outputs = "Auto";
}
if(data6.preprocessing === undefined){
data6.preprocessing = {};
}
if(data6.path === undefined){
const err29 = {instancePath:instancePath+"/spec/teacher",schemaPath:"#/properties/spec/properties/teacher/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'",schema:schema6.properties.spec.properties.teacher.required,parentSchema:schema6.properties.spec.properties.teacher,data:data6};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data6.format === undefined){
const err30 = {instancePath:instancePath+"/spec/teacher",schemaPath:"#/properties/spec/properties/teacher/required",keyword:"required",params:{missingProperty: "format"},message:"must have required property '"+"format"+"'",schema:schema6.properties.spec.properties.teacher.required,parentSchema:schema6.properties.spec.properties.teacher,data:data6};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data6.outputs === undefined){
const err31 = {instancePath:instancePath+"/spec/teacher",schemaPath:"#/properties/spec/properties/teacher/required",keyword:"required",params:{missingProperty: "outputs"},message:"must have required property '"+"outputs"+"'",schema:schema6.properties.spec.properties.teacher.required,parentSchema:schema6.properties.spec.properties.teacher,data:data6};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data6.preprocessing === undefined){
const err32 = {instancePath:instancePath+"/spec/teacher",schemaPath:"#/properties/spec/properties/teacher/required",keyword:"required",params:{missingProperty: "preprocessing"},message:"must have required property '"+"preprocessing"+"'",schema:schema6.properties.spec.properties.teacher.required,parentSchema:schema6.properties.spec.properties.teacher,data:data6};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
for(const key2 in data6){
if(!(((((key2 === "path") || (key2 === "format")) || (key2 === "outputs")) || (key2 === "preprocessing")) || (key2 === "expectedAccuracy"))){
const err33 = {instancePath:instancePath+"/spec/teacher",schemaPath:"#/properties/spec/properties/teacher/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.teacher,data:data6};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data6.path !== undefined){
let data7 = data6.path;
if(typeof data7 === "string"){
if(func2(data7) > 1024){
const err34 = {instancePath:instancePath+"/spec/teacher/path",schemaPath:"#/properties/spec/properties/teacher/properties/path/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters",schema:1024,parentSchema:schema6.properties.spec.properties.teacher.properties.path,data:data7};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(func2(data7) < 1){
const err35 = {instancePath:instancePath+"/spec/teacher/path",schemaPath:"#/properties/spec/properties/teacher/properties/path/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.teacher.properties.path,data:data7};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(!pattern2.test(data7)){
const err36 = {instancePath:instancePath+"/spec/teacher/path",schemaPath:"#/properties/spec/properties/teacher/properties/path/pattern",keyword:"pattern",params:{pattern: "^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"},message:"must match pattern \""+"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"+"\"",schema:"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$",parentSchema:schema6.properties.spec.properties.teacher.properties.path,data:data7};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/spec/teacher/path",schemaPath:"#/properties/spec/properties/teacher/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.path.type,parentSchema:schema6.properties.spec.properties.teacher.properties.path,data:data7};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
let data8 = data6.format;
if(typeof data8 !== "string"){
const err38 = {instancePath:instancePath+"/spec/teacher/format",schemaPath:"#/properties/spec/properties/teacher/properties/format/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.format.type,parentSchema:schema6.properties.spec.properties.teacher.properties.format,data:data8};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(!((((data8 === "Auto") || (data8 === "TfjsLayers")) || (data8 === "KerasH5")) || (data8 === "Keras"))){
const err39 = {instancePath:instancePath+"/spec/teacher/format",schemaPath:"#/properties/spec/properties/teacher/properties/format/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.teacher.properties.format.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.teacher.properties.format.enum,parentSchema:schema6.properties.spec.properties.teacher.properties.format,data:data8};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
let data9 = data6.outputs;
if(typeof data9 !== "string"){
const err40 = {instancePath:instancePath+"/spec/teacher/outputs",schemaPath:"#/properties/spec/properties/teacher/properties/outputs/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.outputs.type,parentSchema:schema6.properties.spec.properties.teacher.properties.outputs,data:data9};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(!(((data9 === "Auto") || (data9 === "Logits")) || (data9 === "Probabilities"))){
const err41 = {instancePath:instancePath+"/spec/teacher/outputs",schemaPath:"#/properties/spec/properties/teacher/properties/outputs/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.teacher.properties.outputs.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.teacher.properties.outputs.enum,parentSchema:schema6.properties.spec.properties.teacher.properties.outputs,data:data9};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
let data10 = data6.preprocessing;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.mode === undefined){
data10.mode = "None";
}
if(data10.mode === undefined){
const err42 = {instancePath:instancePath+"/spec/teacher/preprocessing",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.required,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing,data:data10};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
for(const key3 in data10){
if(!((((key3 === "mode") || (key3 === "scale")) || (key3 === "mean")) || (key3 === "std"))){
const err43 = {instancePath:instancePath+"/spec/teacher/preprocessing",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing,data:data10};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
let data11 = data10.mode;
if(typeof data11 !== "string"){
const err44 = {instancePath:instancePath+"/spec/teacher/preprocessing/mode",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mode.type,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mode,data:data11};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(!(((((data11 === "None") || (data11 === "Caffe")) || (data11 === "Tf")) || (data11 === "Torch")) || (data11 === "Custom"))){
const err45 = {instancePath:instancePath+"/spec/teacher/preprocessing/mode",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mode/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mode.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mode.enum,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mode,data:data11};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(data10.scale !== undefined){
let data12 = data10.scale;
if(typeof data12 === "string"){
if(func2(data12) > 24){
const err46 = {instancePath:instancePath+"/spec/teacher/preprocessing/scale",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/scale/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.scale,data:data12};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(!pattern3.test(data12)){
const err47 = {instancePath:instancePath+"/spec/teacher/preprocessing/scale",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/scale/pattern",keyword:"pattern",params:{pattern: "^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"},message:"must match pattern \""+"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"+"\"",schema:"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$",parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.scale,data:data12};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/spec/teacher/preprocessing/scale",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/scale/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.scale.type,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.scale,data:data12};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data10.mean !== undefined){
let data13 = data10.mean;
if(Array.isArray(data13)){
if(data13.length > 4){
const err49 = {instancePath:instancePath+"/spec/teacher/preprocessing/mean",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mean/maxItems",keyword:"maxItems",params:{limit: 4},message:"must NOT have more than 4 items",schema:4,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean,data:data13};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data13.length < 1){
const err50 = {instancePath:instancePath+"/spec/teacher/preprocessing/mean",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mean/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean,data:data13};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
const len0 = data13.length;
for(let i0=0; i0<len0; i0++){
let data14 = data13[i0];
if(typeof data14 === "string"){
if(func2(data14) > 24){
const err51 = {instancePath:instancePath+"/spec/teacher/preprocessing/mean/" + i0,schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mean/items/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean.items,data:data14};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(!pattern4.test(data14)){
const err52 = {instancePath:instancePath+"/spec/teacher/preprocessing/mean/" + i0,schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mean/items/pattern",keyword:"pattern",params:{pattern: "^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$"},message:"must match pattern \""+"^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$"+"\"",schema:"^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$",parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean.items,data:data14};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/spec/teacher/preprocessing/mean/" + i0,schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mean/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean.items.type,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean.items,data:data14};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/spec/teacher/preprocessing/mean",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/mean/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean.type,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.mean,data:data13};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data10.std !== undefined){
let data15 = data10.std;
if(Array.isArray(data15)){
if(data15.length > 4){
const err55 = {instancePath:instancePath+"/spec/teacher/preprocessing/std",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/std/maxItems",keyword:"maxItems",params:{limit: 4},message:"must NOT have more than 4 items",schema:4,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std,data:data15};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(data15.length < 1){
const err56 = {instancePath:instancePath+"/spec/teacher/preprocessing/std",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/std/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std,data:data15};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
const len1 = data15.length;
for(let i1=0; i1<len1; i1++){
let data16 = data15[i1];
if(typeof data16 === "string"){
if(func2(data16) > 24){
const err57 = {instancePath:instancePath+"/spec/teacher/preprocessing/std/" + i1,schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/std/items/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std.items,data:data16};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(!pattern3.test(data16)){
const err58 = {instancePath:instancePath+"/spec/teacher/preprocessing/std/" + i1,schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/std/items/pattern",keyword:"pattern",params:{pattern: "^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"},message:"must match pattern \""+"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"+"\"",schema:"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$",parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std.items,data:data16};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/spec/teacher/preprocessing/std/" + i1,schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/std/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std.items.type,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std.items,data:data16};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
}
else {
const err60 = {instancePath:instancePath+"/spec/teacher/preprocessing/std",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/properties/std/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std.type,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing.properties.std,data:data15};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
else {
const err61 = {instancePath:instancePath+"/spec/teacher/preprocessing",schemaPath:"#/properties/spec/properties/teacher/properties/preprocessing/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.teacher.properties.preprocessing.type,parentSchema:schema6.properties.spec.properties.teacher.properties.preprocessing,data:data10};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(data6.expectedAccuracy !== undefined){
let data17 = data6.expectedAccuracy;
if(typeof data17 === "string"){
if(func2(data17) > 24){
const err62 = {instancePath:instancePath+"/spec/teacher/expectedAccuracy",schemaPath:"#/properties/spec/properties/teacher/properties/expectedAccuracy/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.teacher.properties.expectedAccuracy,data:data17};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(!pattern6.test(data17)){
const err63 = {instancePath:instancePath+"/spec/teacher/expectedAccuracy",schemaPath:"#/properties/spec/properties/teacher/properties/expectedAccuracy/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.teacher.properties.expectedAccuracy,data:data17};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
else {
const err64 = {instancePath:instancePath+"/spec/teacher/expectedAccuracy",schemaPath:"#/properties/spec/properties/teacher/properties/expectedAccuracy/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.teacher.properties.expectedAccuracy.type,parentSchema:schema6.properties.spec.properties.teacher.properties.expectedAccuracy,data:data17};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
}
else {
const err65 = {instancePath:instancePath+"/spec/teacher",schemaPath:"#/properties/spec/properties/teacher/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.teacher.type,parentSchema:schema6.properties.spec.properties.teacher,data:data6};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data5.dataset !== undefined){
let data18 = data5.dataset;
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(data18.format === undefined){
data18.format = "ImageFolder";
}
if(data18.validation === undefined){
data18.validation = {};
}
if(data18.limits === undefined){
data18.limits = {};
}
if(data18.resize === undefined){
data18.resize = "None";
}
if(data18.augmentation === undefined){
data18.augmentation = {};
}
if(data18.batchSize === undefined){
data18.batchSize = 256;
}
if(data18.labels === undefined){
data18.labels = "Used";
}
if(data18.loaderThreads === undefined){
data18.loaderThreads = 1;
}
if(data18.maxUnreadable === undefined){
data18.maxUnreadable = 0;
}
if(data18.path === undefined){
const err66 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(data18.format === undefined){
const err67 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "format"},message:"must have required property '"+"format"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(data18.validation === undefined){
const err68 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "validation"},message:"must have required property '"+"validation"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(data18.limits === undefined){
const err69 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "limits"},message:"must have required property '"+"limits"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
if(data18.resize === undefined){
const err70 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "resize"},message:"must have required property '"+"resize"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if(data18.augmentation === undefined){
const err71 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "augmentation"},message:"must have required property '"+"augmentation"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if(data18.batchSize === undefined){
const err72 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "batchSize"},message:"must have required property '"+"batchSize"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(data18.labels === undefined){
const err73 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "labels"},message:"must have required property '"+"labels"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
if(data18.loaderThreads === undefined){
const err74 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "loaderThreads"},message:"must have required property '"+"loaderThreads"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(data18.maxUnreadable === undefined){
const err75 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/required",keyword:"required",params:{missingProperty: "maxUnreadable"},message:"must have required property '"+"maxUnreadable"+"'",schema:schema6.properties.spec.properties.dataset.required,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
for(const key4 in data18){
if(!(func6.call(schema6.properties.spec.properties.dataset.properties, key4))){
const err76 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data18.path !== undefined){
let data19 = data18.path;
if(typeof data19 === "string"){
if(func2(data19) > 1024){
const err77 = {instancePath:instancePath+"/spec/dataset/path",schemaPath:"#/properties/spec/properties/dataset/properties/path/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters",schema:1024,parentSchema:schema6.properties.spec.properties.dataset.properties.path,data:data19};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(func2(data19) < 1){
const err78 = {instancePath:instancePath+"/spec/dataset/path",schemaPath:"#/properties/spec/properties/dataset/properties/path/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.dataset.properties.path,data:data19};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(!pattern2.test(data19)){
const err79 = {instancePath:instancePath+"/spec/dataset/path",schemaPath:"#/properties/spec/properties/dataset/properties/path/pattern",keyword:"pattern",params:{pattern: "^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"},message:"must match pattern \""+"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"+"\"",schema:"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$",parentSchema:schema6.properties.spec.properties.dataset.properties.path,data:data19};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/spec/dataset/path",schemaPath:"#/properties/spec/properties/dataset/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.dataset.properties.path.type,parentSchema:schema6.properties.spec.properties.dataset.properties.path,data:data19};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
let data20 = data18.format;
if(typeof data20 !== "string"){
const err81 = {instancePath:instancePath+"/spec/dataset/format",schemaPath:"#/properties/spec/properties/dataset/properties/format/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.dataset.properties.format.type,parentSchema:schema6.properties.spec.properties.dataset.properties.format,data:data20};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if(!(((((data20 === "Cifar10") || (data20 === "Cifar100")) || (data20 === "Idx")) || (data20 === "ImageFolder")) || (data20 === "UnlabelledFolder"))){
const err82 = {instancePath:instancePath+"/spec/dataset/format",schemaPath:"#/properties/spec/properties/dataset/properties/format/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.dataset.properties.format.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.dataset.properties.format.enum,parentSchema:schema6.properties.spec.properties.dataset.properties.format,data:data20};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
let data21 = data18.validation;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
if(data21.fraction === undefined){
data21.fraction = "0.1";
}
if(data21.fraction === undefined){
const err83 = {instancePath:instancePath+"/spec/dataset/validation",schemaPath:"#/properties/spec/properties/dataset/properties/validation/required",keyword:"required",params:{missingProperty: "fraction"},message:"must have required property '"+"fraction"+"'",schema:schema6.properties.spec.properties.dataset.properties.validation.required,parentSchema:schema6.properties.spec.properties.dataset.properties.validation,data:data21};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
for(const key5 in data21){
if(!(key5 === "fraction")){
const err84 = {instancePath:instancePath+"/spec/dataset/validation",schemaPath:"#/properties/spec/properties/dataset/properties/validation/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.dataset.properties.validation,data:data21};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
let data22 = data21.fraction;
if(typeof data22 === "string"){
if(func2(data22) > 24){
const err85 = {instancePath:instancePath+"/spec/dataset/validation/fraction",schemaPath:"#/properties/spec/properties/dataset/properties/validation/properties/fraction/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.dataset.properties.validation.properties.fraction,data:data22};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(!pattern8.test(data22)){
const err86 = {instancePath:instancePath+"/spec/dataset/validation/fraction",schemaPath:"#/properties/spec/properties/dataset/properties/validation/properties/fraction/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.dataset.properties.validation.properties.fraction,data:data22};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/spec/dataset/validation/fraction",schemaPath:"#/properties/spec/properties/dataset/properties/validation/properties/fraction/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.dataset.properties.validation.properties.fraction.type,parentSchema:schema6.properties.spec.properties.dataset.properties.validation.properties.fraction,data:data22};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
else {
const err88 = {instancePath:instancePath+"/spec/dataset/validation",schemaPath:"#/properties/spec/properties/dataset/properties/validation/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.dataset.properties.validation.type,parentSchema:schema6.properties.spec.properties.dataset.properties.validation,data:data21};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
let data23 = data18.limits;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key6 in data23){
if(!(((key6 === "train") || (key6 === "validation")) || (key6 === "test"))){
const err89 = {instancePath:instancePath+"/spec/dataset/limits",schemaPath:"#/properties/spec/properties/dataset/properties/limits/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.dataset.properties.limits,data:data23};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data23.train !== undefined){
let data24 = data23.train;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
const err90 = {instancePath:instancePath+"/spec/dataset/limits/train",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/train/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.limits.properties.train.type,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.train,data:data24};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 > 2147483647 || isNaN(data24)){
const err91 = {instancePath:instancePath+"/spec/dataset/limits/train",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/train/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.train,data:data24};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(data24 < 1 || isNaN(data24)){
const err92 = {instancePath:instancePath+"/spec/dataset/limits/train",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/train/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.train,data:data24};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
}
if(data23.validation !== undefined){
let data25 = data23.validation;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
const err93 = {instancePath:instancePath+"/spec/dataset/limits/validation",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/validation/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.limits.properties.validation.type,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.validation,data:data25};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 > 2147483647 || isNaN(data25)){
const err94 = {instancePath:instancePath+"/spec/dataset/limits/validation",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/validation/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.validation,data:data25};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(data25 < 1 || isNaN(data25)){
const err95 = {instancePath:instancePath+"/spec/dataset/limits/validation",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/validation/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.validation,data:data25};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
}
if(data23.test !== undefined){
let data26 = data23.test;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
const err96 = {instancePath:instancePath+"/spec/dataset/limits/test",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/test/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.limits.properties.test.type,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.test,data:data26};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 > 2147483647 || isNaN(data26)){
const err97 = {instancePath:instancePath+"/spec/dataset/limits/test",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/test/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.test,data:data26};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(data26 < 1 || isNaN(data26)){
const err98 = {instancePath:instancePath+"/spec/dataset/limits/test",schemaPath:"#/properties/spec/properties/dataset/properties/limits/properties/test/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.dataset.properties.limits.properties.test,data:data26};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
}
}
else {
const err99 = {instancePath:instancePath+"/spec/dataset/limits",schemaPath:"#/properties/spec/properties/dataset/properties/limits/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.dataset.properties.limits.type,parentSchema:schema6.properties.spec.properties.dataset.properties.limits,data:data23};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
let data27 = data18.resize;
if(typeof data27 !== "string"){
const err100 = {instancePath:instancePath+"/spec/dataset/resize",schemaPath:"#/properties/spec/properties/dataset/properties/resize/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.dataset.properties.resize.type,parentSchema:schema6.properties.spec.properties.dataset.properties.resize,data:data27};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(!(((data27 === "None") || (data27 === "Stretch")) || (data27 === "CenterCrop"))){
const err101 = {instancePath:instancePath+"/spec/dataset/resize",schemaPath:"#/properties/spec/properties/dataset/properties/resize/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.dataset.properties.resize.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.dataset.properties.resize.enum,parentSchema:schema6.properties.spec.properties.dataset.properties.resize,data:data27};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
let data28 = data18.augmentation;
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
if(data28.flipHorizontal === undefined){
data28.flipHorizontal = "Disabled";
}
if(data28.flipVertical === undefined){
data28.flipVertical = "Disabled";
}
if(data28.cropPadding === undefined){
data28.cropPadding = 0;
}
if(data28.rotateDegrees === undefined){
data28.rotateDegrees = 0;
}
if(data28.flipHorizontal === undefined){
const err102 = {instancePath:instancePath+"/spec/dataset/augmentation",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/required",keyword:"required",params:{missingProperty: "flipHorizontal"},message:"must have required property '"+"flipHorizontal"+"'",schema:schema6.properties.spec.properties.dataset.properties.augmentation.required,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation,data:data28};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(data28.flipVertical === undefined){
const err103 = {instancePath:instancePath+"/spec/dataset/augmentation",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/required",keyword:"required",params:{missingProperty: "flipVertical"},message:"must have required property '"+"flipVertical"+"'",schema:schema6.properties.spec.properties.dataset.properties.augmentation.required,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation,data:data28};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if(data28.cropPadding === undefined){
const err104 = {instancePath:instancePath+"/spec/dataset/augmentation",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/required",keyword:"required",params:{missingProperty: "cropPadding"},message:"must have required property '"+"cropPadding"+"'",schema:schema6.properties.spec.properties.dataset.properties.augmentation.required,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation,data:data28};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(data28.rotateDegrees === undefined){
const err105 = {instancePath:instancePath+"/spec/dataset/augmentation",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/required",keyword:"required",params:{missingProperty: "rotateDegrees"},message:"must have required property '"+"rotateDegrees"+"'",schema:schema6.properties.spec.properties.dataset.properties.augmentation.required,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation,data:data28};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
for(const key7 in data28){
if(!((((key7 === "flipHorizontal") || (key7 === "flipVertical")) || (key7 === "cropPadding")) || (key7 === "rotateDegrees"))){
const err106 = {instancePath:instancePath+"/spec/dataset/augmentation",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation,data:data28};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
let data29 = data28.flipHorizontal;
if(typeof data29 !== "string"){
const err107 = {instancePath:instancePath+"/spec/dataset/augmentation/flipHorizontal",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/flipHorizontal/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipHorizontal.type,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipHorizontal,data:data29};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(!((data29 === "Enabled") || (data29 === "Disabled"))){
const err108 = {instancePath:instancePath+"/spec/dataset/augmentation/flipHorizontal",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/flipHorizontal/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipHorizontal.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipHorizontal.enum,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipHorizontal,data:data29};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
let data30 = data28.flipVertical;
if(typeof data30 !== "string"){
const err109 = {instancePath:instancePath+"/spec/dataset/augmentation/flipVertical",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/flipVertical/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipVertical.type,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipVertical,data:data30};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if(!((data30 === "Enabled") || (data30 === "Disabled"))){
const err110 = {instancePath:instancePath+"/spec/dataset/augmentation/flipVertical",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/flipVertical/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipVertical.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipVertical.enum,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.flipVertical,data:data30};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
let data31 = data28.cropPadding;
if(!(((typeof data31 == "number") && (!(data31 % 1) && !isNaN(data31))) && (isFinite(data31)))){
const err111 = {instancePath:instancePath+"/spec/dataset/augmentation/cropPadding",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/cropPadding/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.cropPadding.type,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.cropPadding,data:data31};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 > 64 || isNaN(data31)){
const err112 = {instancePath:instancePath+"/spec/dataset/augmentation/cropPadding",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/cropPadding/maximum",keyword:"maximum",params:{comparison: "<=", limit: 64},message:"must be <= 64",schema:64,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.cropPadding,data:data31};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
if(data31 < 0 || isNaN(data31)){
const err113 = {instancePath:instancePath+"/spec/dataset/augmentation/cropPadding",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/cropPadding/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.cropPadding,data:data31};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
let data32 = data28.rotateDegrees;
if(!(((typeof data32 == "number") && (!(data32 % 1) && !isNaN(data32))) && (isFinite(data32)))){
const err114 = {instancePath:instancePath+"/spec/dataset/augmentation/rotateDegrees",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/rotateDegrees/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.rotateDegrees.type,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.rotateDegrees,data:data32};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if((typeof data32 == "number") && (isFinite(data32))){
if(data32 > 180 || isNaN(data32)){
const err115 = {instancePath:instancePath+"/spec/dataset/augmentation/rotateDegrees",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/rotateDegrees/maximum",keyword:"maximum",params:{comparison: "<=", limit: 180},message:"must be <= 180",schema:180,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.rotateDegrees,data:data32};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(data32 < 0 || isNaN(data32)){
const err116 = {instancePath:instancePath+"/spec/dataset/augmentation/rotateDegrees",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/properties/rotateDegrees/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation.properties.rotateDegrees,data:data32};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
}
else {
const err117 = {instancePath:instancePath+"/spec/dataset/augmentation",schemaPath:"#/properties/spec/properties/dataset/properties/augmentation/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.dataset.properties.augmentation.type,parentSchema:schema6.properties.spec.properties.dataset.properties.augmentation,data:data28};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
let data33 = data18.batchSize;
if(!(((typeof data33 == "number") && (!(data33 % 1) && !isNaN(data33))) && (isFinite(data33)))){
const err118 = {instancePath:instancePath+"/spec/dataset/batchSize",schemaPath:"#/properties/spec/properties/dataset/properties/batchSize/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.batchSize.type,parentSchema:schema6.properties.spec.properties.dataset.properties.batchSize,data:data33};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if((typeof data33 == "number") && (isFinite(data33))){
if(data33 > 65536 || isNaN(data33)){
const err119 = {instancePath:instancePath+"/spec/dataset/batchSize",schemaPath:"#/properties/spec/properties/dataset/properties/batchSize/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65536},message:"must be <= 65536",schema:65536,parentSchema:schema6.properties.spec.properties.dataset.properties.batchSize,data:data33};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
if(data33 < 1 || isNaN(data33)){
const err120 = {instancePath:instancePath+"/spec/dataset/batchSize",schemaPath:"#/properties/spec/properties/dataset/properties/batchSize/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.dataset.properties.batchSize,data:data33};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
let data34 = data18.labels;
if(typeof data34 !== "string"){
const err121 = {instancePath:instancePath+"/spec/dataset/labels",schemaPath:"#/properties/spec/properties/dataset/properties/labels/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.dataset.properties.labels.type,parentSchema:schema6.properties.spec.properties.dataset.properties.labels,data:data34};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if(!((data34 === "Used") || (data34 === "None"))){
const err122 = {instancePath:instancePath+"/spec/dataset/labels",schemaPath:"#/properties/spec/properties/dataset/properties/labels/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.dataset.properties.labels.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.dataset.properties.labels.enum,parentSchema:schema6.properties.spec.properties.dataset.properties.labels,data:data34};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
let data35 = data18.loaderThreads;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err123 = {instancePath:instancePath+"/spec/dataset/loaderThreads",schemaPath:"#/properties/spec/properties/dataset/properties/loaderThreads/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.loaderThreads.type,parentSchema:schema6.properties.spec.properties.dataset.properties.loaderThreads,data:data35};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 > 64 || isNaN(data35)){
const err124 = {instancePath:instancePath+"/spec/dataset/loaderThreads",schemaPath:"#/properties/spec/properties/dataset/properties/loaderThreads/maximum",keyword:"maximum",params:{comparison: "<=", limit: 64},message:"must be <= 64",schema:64,parentSchema:schema6.properties.spec.properties.dataset.properties.loaderThreads,data:data35};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if(data35 < 1 || isNaN(data35)){
const err125 = {instancePath:instancePath+"/spec/dataset/loaderThreads",schemaPath:"#/properties/spec/properties/dataset/properties/loaderThreads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.dataset.properties.loaderThreads,data:data35};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
let data36 = data18.maxUnreadable;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
const err126 = {instancePath:instancePath+"/spec/dataset/maxUnreadable",schemaPath:"#/properties/spec/properties/dataset/properties/maxUnreadable/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.dataset.properties.maxUnreadable.type,parentSchema:schema6.properties.spec.properties.dataset.properties.maxUnreadable,data:data36};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
if((typeof data36 == "number") && (isFinite(data36))){
if(data36 > 1000000 || isNaN(data36)){
const err127 = {instancePath:instancePath+"/spec/dataset/maxUnreadable",schemaPath:"#/properties/spec/properties/dataset/properties/maxUnreadable/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema6.properties.spec.properties.dataset.properties.maxUnreadable,data:data36};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
if(data36 < 0 || isNaN(data36)){
const err128 = {instancePath:instancePath+"/spec/dataset/maxUnreadable",schemaPath:"#/properties/spec/properties/dataset/properties/maxUnreadable/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.dataset.properties.maxUnreadable,data:data36};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
}
else {
const err129 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.dataset.type,parentSchema:schema6.properties.spec.properties.dataset,data:data18};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
let data37 = data5.blocks;
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
if(data37.include === undefined){
data37.include = ["*"];
}
if(data37.exclude === undefined){
data37.exclude = [];
}
if(data37.whenNotCheaper === undefined){
data37.whenNotCheaper = "Skip";
}
if(data37.bias === undefined){
data37.bias = "Enabled";
}
if(data37.batchNormalization === undefined){
data37.batchNormalization = "Disabled";
}
if(data37.include === undefined){
const err130 = {instancePath:instancePath+"/spec/blocks",schemaPath:"#/properties/spec/properties/blocks/required",keyword:"required",params:{missingProperty: "include"},message:"must have required property '"+"include"+"'",schema:schema6.properties.spec.properties.blocks.required,parentSchema:schema6.properties.spec.properties.blocks,data:data37};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if(data37.exclude === undefined){
const err131 = {instancePath:instancePath+"/spec/blocks",schemaPath:"#/properties/spec/properties/blocks/required",keyword:"required",params:{missingProperty: "exclude"},message:"must have required property '"+"exclude"+"'",schema:schema6.properties.spec.properties.blocks.required,parentSchema:schema6.properties.spec.properties.blocks,data:data37};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
if(data37.whenNotCheaper === undefined){
const err132 = {instancePath:instancePath+"/spec/blocks",schemaPath:"#/properties/spec/properties/blocks/required",keyword:"required",params:{missingProperty: "whenNotCheaper"},message:"must have required property '"+"whenNotCheaper"+"'",schema:schema6.properties.spec.properties.blocks.required,parentSchema:schema6.properties.spec.properties.blocks,data:data37};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
if(data37.bias === undefined){
const err133 = {instancePath:instancePath+"/spec/blocks",schemaPath:"#/properties/spec/properties/blocks/required",keyword:"required",params:{missingProperty: "bias"},message:"must have required property '"+"bias"+"'",schema:schema6.properties.spec.properties.blocks.required,parentSchema:schema6.properties.spec.properties.blocks,data:data37};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if(data37.batchNormalization === undefined){
const err134 = {instancePath:instancePath+"/spec/blocks",schemaPath:"#/properties/spec/properties/blocks/required",keyword:"required",params:{missingProperty: "batchNormalization"},message:"must have required property '"+"batchNormalization"+"'",schema:schema6.properties.spec.properties.blocks.required,parentSchema:schema6.properties.spec.properties.blocks,data:data37};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
for(const key8 in data37){
if(!(func6.call(schema6.properties.spec.properties.blocks.properties, key8))){
const err135 = {instancePath:instancePath+"/spec/blocks",schemaPath:"#/properties/spec/properties/blocks/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.blocks,data:data37};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
if(data37.architecture !== undefined){
let data38 = data37.architecture;
if(typeof data38 !== "string"){
const err136 = {instancePath:instancePath+"/spec/blocks/architecture",schemaPath:"#/properties/spec/properties/blocks/properties/architecture/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.architecture.type,parentSchema:schema6.properties.spec.properties.blocks.properties.architecture,data:data38};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
if(!(((((data38 === "TwoLayer") || (data38 === "ThreeLayer")) || (data38 === "TwoLayerSkip")) || (data38 === "ThreeLayerSkip")) || (data38 === "LowRank"))){
const err137 = {instancePath:instancePath+"/spec/blocks/architecture",schemaPath:"#/properties/spec/properties/blocks/properties/architecture/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.blocks.properties.architecture.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.blocks.properties.architecture.enum,parentSchema:schema6.properties.spec.properties.blocks.properties.architecture,data:data38};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data37.ratio !== undefined){
let data39 = data37.ratio;
if(typeof data39 === "string"){
if(func2(data39) > 24){
const err138 = {instancePath:instancePath+"/spec/blocks/ratio",schemaPath:"#/properties/spec/properties/blocks/properties/ratio/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.blocks.properties.ratio,data:data39};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if(!pattern8.test(data39)){
const err139 = {instancePath:instancePath+"/spec/blocks/ratio",schemaPath:"#/properties/spec/properties/blocks/properties/ratio/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.blocks.properties.ratio,data:data39};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
else {
const err140 = {instancePath:instancePath+"/spec/blocks/ratio",schemaPath:"#/properties/spec/properties/blocks/properties/ratio/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.ratio.type,parentSchema:schema6.properties.spec.properties.blocks.properties.ratio,data:data39};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(data37.candidates !== undefined){
let data40 = data37.candidates;
if(Array.isArray(data40)){
if(data40.length > 8){
const err141 = {instancePath:instancePath+"/spec/blocks/candidates",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items",schema:8,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates,data:data40};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(data40.length < 1){
const err142 = {instancePath:instancePath+"/spec/blocks/candidates",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates,data:data40};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
const len2 = data40.length;
for(let i2=0; i2<len2; i2++){
let data41 = data40[i2];
if(data41 && typeof data41 == "object" && !Array.isArray(data41)){
if(data41.architecture === undefined){
const err143 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2,schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/required",keyword:"required",params:{missingProperty: "architecture"},message:"must have required property '"+"architecture"+"'",schema:schema6.properties.spec.properties.blocks.properties.candidates.items.required,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items,data:data41};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
for(const key9 in data41){
if(!((key9 === "architecture") || (key9 === "ratio"))){
const err144 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2,schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items,data:data41};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(data41.architecture !== undefined){
let data42 = data41.architecture;
if(typeof data42 !== "string"){
const err145 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2+"/architecture",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/properties/architecture/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.architecture.type,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.architecture,data:data42};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if(!(((((data42 === "TwoLayer") || (data42 === "ThreeLayer")) || (data42 === "TwoLayerSkip")) || (data42 === "ThreeLayerSkip")) || (data42 === "LowRank"))){
const err146 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2+"/architecture",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/properties/architecture/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.blocks.properties.candidates.items.properties.architecture.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.architecture.enum,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.architecture,data:data42};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
if(data41.ratio !== undefined){
let data43 = data41.ratio;
if(typeof data43 === "string"){
if(func2(data43) > 24){
const err147 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2+"/ratio",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/properties/ratio/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.ratio,data:data43};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
if(!pattern8.test(data43)){
const err148 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2+"/ratio",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/properties/ratio/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.ratio,data:data43};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
else {
const err149 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2+"/ratio",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/properties/ratio/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.ratio.type,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items.properties.ratio,data:data43};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
}
else {
const err150 = {instancePath:instancePath+"/spec/blocks/candidates/" + i2,schemaPath:"#/properties/spec/properties/blocks/properties/candidates/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.blocks.properties.candidates.items.type,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates.items,data:data41};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
}
else {
const err151 = {instancePath:instancePath+"/spec/blocks/candidates",schemaPath:"#/properties/spec/properties/blocks/properties/candidates/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.blocks.properties.candidates.type,parentSchema:schema6.properties.spec.properties.blocks.properties.candidates,data:data40};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
if(data37.rankMultiple !== undefined){
let data44 = data37.rankMultiple;
if(!(((typeof data44 == "number") && (!(data44 % 1) && !isNaN(data44))) && (isFinite(data44)))){
const err152 = {instancePath:instancePath+"/spec/blocks/rankMultiple",schemaPath:"#/properties/spec/properties/blocks/properties/rankMultiple/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.blocks.properties.rankMultiple.type,parentSchema:schema6.properties.spec.properties.blocks.properties.rankMultiple,data:data44};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
if((typeof data44 == "number") && (isFinite(data44))){
if(data44 > 64 || isNaN(data44)){
const err153 = {instancePath:instancePath+"/spec/blocks/rankMultiple",schemaPath:"#/properties/spec/properties/blocks/properties/rankMultiple/maximum",keyword:"maximum",params:{comparison: "<=", limit: 64},message:"must be <= 64",schema:64,parentSchema:schema6.properties.spec.properties.blocks.properties.rankMultiple,data:data44};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(data44 < 1 || isNaN(data44)){
const err154 = {instancePath:instancePath+"/spec/blocks/rankMultiple",schemaPath:"#/properties/spec/properties/blocks/properties/rankMultiple/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.blocks.properties.rankMultiple,data:data44};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
}
if(data37.layers !== undefined){
let data45 = data37.layers;
if(Array.isArray(data45)){
if(data45.length > 3){
const err155 = {instancePath:instancePath+"/spec/blocks/layers",schemaPath:"#/properties/spec/properties/blocks/properties/layers/maxItems",keyword:"maxItems",params:{limit: 3},message:"must NOT have more than 3 items",schema:3,parentSchema:schema6.properties.spec.properties.blocks.properties.layers,data:data45};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
if(data45.length < 1){
const err156 = {instancePath:instancePath+"/spec/blocks/layers",schemaPath:"#/properties/spec/properties/blocks/properties/layers/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema6.properties.spec.properties.blocks.properties.layers,data:data45};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
const len3 = data45.length;
for(let i3=0; i3<len3; i3++){
let data46 = data45[i3];
if(typeof data46 !== "string"){
const err157 = {instancePath:instancePath+"/spec/blocks/layers/" + i3,schemaPath:"#/properties/spec/properties/blocks/properties/layers/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.layers.items.type,parentSchema:schema6.properties.spec.properties.blocks.properties.layers.items,data:data46};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
if(!(((data46 === "Convolution") || (data46 === "Pointwise")) || (data46 === "Dense"))){
const err158 = {instancePath:instancePath+"/spec/blocks/layers/" + i3,schemaPath:"#/properties/spec/properties/blocks/properties/layers/items/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.blocks.properties.layers.items.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.blocks.properties.layers.items.enum,parentSchema:schema6.properties.spec.properties.blocks.properties.layers.items,data:data46};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
}
else {
const err159 = {instancePath:instancePath+"/spec/blocks/layers",schemaPath:"#/properties/spec/properties/blocks/properties/layers/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.blocks.properties.layers.type,parentSchema:schema6.properties.spec.properties.blocks.properties.layers,data:data45};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
}
let data47 = data37.include;
if(Array.isArray(data47)){
if(data47.length > 256){
const err160 = {instancePath:instancePath+"/spec/blocks/include",schemaPath:"#/properties/spec/properties/blocks/properties/include/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items",schema:256,parentSchema:schema6.properties.spec.properties.blocks.properties.include,data:data47};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if(data47.length < 1){
const err161 = {instancePath:instancePath+"/spec/blocks/include",schemaPath:"#/properties/spec/properties/blocks/properties/include/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema6.properties.spec.properties.blocks.properties.include,data:data47};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
const len4 = data47.length;
for(let i4=0; i4<len4; i4++){
let data48 = data47[i4];
if(typeof data48 === "string"){
if(func2(data48) > 256){
const err162 = {instancePath:instancePath+"/spec/blocks/include/" + i4,schemaPath:"#/properties/spec/properties/blocks/properties/include/items/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters",schema:256,parentSchema:schema6.properties.spec.properties.blocks.properties.include.items,data:data48};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
if(func2(data48) < 1){
const err163 = {instancePath:instancePath+"/spec/blocks/include/" + i4,schemaPath:"#/properties/spec/properties/blocks/properties/include/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.blocks.properties.include.items,data:data48};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
if(!pattern11.test(data48)){
const err164 = {instancePath:instancePath+"/spec/blocks/include/" + i4,schemaPath:"#/properties/spec/properties/blocks/properties/include/items/pattern",keyword:"pattern",params:{pattern: "^[^\\[\\]{}!]+$"},message:"must match pattern \""+"^[^\\[\\]{}!]+$"+"\"",schema:"^[^\\[\\]{}!]+$",parentSchema:schema6.properties.spec.properties.blocks.properties.include.items,data:data48};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
else {
const err165 = {instancePath:instancePath+"/spec/blocks/include/" + i4,schemaPath:"#/properties/spec/properties/blocks/properties/include/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.include.items.type,parentSchema:schema6.properties.spec.properties.blocks.properties.include.items,data:data48};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
}
else {
const err166 = {instancePath:instancePath+"/spec/blocks/include",schemaPath:"#/properties/spec/properties/blocks/properties/include/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.blocks.properties.include.type,parentSchema:schema6.properties.spec.properties.blocks.properties.include,data:data47};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
let data49 = data37.exclude;
if(Array.isArray(data49)){
if(data49.length > 256){
const err167 = {instancePath:instancePath+"/spec/blocks/exclude",schemaPath:"#/properties/spec/properties/blocks/properties/exclude/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items",schema:256,parentSchema:schema6.properties.spec.properties.blocks.properties.exclude,data:data49};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
const len5 = data49.length;
for(let i5=0; i5<len5; i5++){
let data50 = data49[i5];
if(typeof data50 === "string"){
if(func2(data50) > 256){
const err168 = {instancePath:instancePath+"/spec/blocks/exclude/" + i5,schemaPath:"#/properties/spec/properties/blocks/properties/exclude/items/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters",schema:256,parentSchema:schema6.properties.spec.properties.blocks.properties.exclude.items,data:data50};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if(func2(data50) < 1){
const err169 = {instancePath:instancePath+"/spec/blocks/exclude/" + i5,schemaPath:"#/properties/spec/properties/blocks/properties/exclude/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.blocks.properties.exclude.items,data:data50};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
if(!pattern11.test(data50)){
const err170 = {instancePath:instancePath+"/spec/blocks/exclude/" + i5,schemaPath:"#/properties/spec/properties/blocks/properties/exclude/items/pattern",keyword:"pattern",params:{pattern: "^[^\\[\\]{}!]+$"},message:"must match pattern \""+"^[^\\[\\]{}!]+$"+"\"",schema:"^[^\\[\\]{}!]+$",parentSchema:schema6.properties.spec.properties.blocks.properties.exclude.items,data:data50};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
else {
const err171 = {instancePath:instancePath+"/spec/blocks/exclude/" + i5,schemaPath:"#/properties/spec/properties/blocks/properties/exclude/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.exclude.items.type,parentSchema:schema6.properties.spec.properties.blocks.properties.exclude.items,data:data50};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
}
else {
const err172 = {instancePath:instancePath+"/spec/blocks/exclude",schemaPath:"#/properties/spec/properties/blocks/properties/exclude/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.blocks.properties.exclude.type,parentSchema:schema6.properties.spec.properties.blocks.properties.exclude,data:data49};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
let data51 = data37.whenNotCheaper;
if(typeof data51 !== "string"){
const err173 = {instancePath:instancePath+"/spec/blocks/whenNotCheaper",schemaPath:"#/properties/spec/properties/blocks/properties/whenNotCheaper/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.whenNotCheaper.type,parentSchema:schema6.properties.spec.properties.blocks.properties.whenNotCheaper,data:data51};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
if(!(((data51 === "Skip") || (data51 === "Train")) || (data51 === "Fail"))){
const err174 = {instancePath:instancePath+"/spec/blocks/whenNotCheaper",schemaPath:"#/properties/spec/properties/blocks/properties/whenNotCheaper/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.blocks.properties.whenNotCheaper.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.blocks.properties.whenNotCheaper.enum,parentSchema:schema6.properties.spec.properties.blocks.properties.whenNotCheaper,data:data51};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
let data52 = data37.bias;
if(typeof data52 !== "string"){
const err175 = {instancePath:instancePath+"/spec/blocks/bias",schemaPath:"#/properties/spec/properties/blocks/properties/bias/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.bias.type,parentSchema:schema6.properties.spec.properties.blocks.properties.bias,data:data52};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if(!((data52 === "Enabled") || (data52 === "Disabled"))){
const err176 = {instancePath:instancePath+"/spec/blocks/bias",schemaPath:"#/properties/spec/properties/blocks/properties/bias/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.blocks.properties.bias.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.blocks.properties.bias.enum,parentSchema:schema6.properties.spec.properties.blocks.properties.bias,data:data52};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
let data53 = data37.batchNormalization;
if(typeof data53 !== "string"){
const err177 = {instancePath:instancePath+"/spec/blocks/batchNormalization",schemaPath:"#/properties/spec/properties/blocks/properties/batchNormalization/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.blocks.properties.batchNormalization.type,parentSchema:schema6.properties.spec.properties.blocks.properties.batchNormalization,data:data53};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
if(!((data53 === "Enabled") || (data53 === "Disabled"))){
const err178 = {instancePath:instancePath+"/spec/blocks/batchNormalization",schemaPath:"#/properties/spec/properties/blocks/properties/batchNormalization/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.blocks.properties.batchNormalization.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.blocks.properties.batchNormalization.enum,parentSchema:schema6.properties.spec.properties.blocks.properties.batchNormalization,data:data53};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
else {
const err179 = {instancePath:instancePath+"/spec/blocks",schemaPath:"#/properties/spec/properties/blocks/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.blocks.type,parentSchema:schema6.properties.spec.properties.blocks,data:data37};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
let data54 = data5.training;
if(data54 && typeof data54 == "object" && !Array.isArray(data54)){
if(data54.epochs === undefined){
data54.epochs = 1;
}
if(data54.optimizer === undefined){
data54.optimizer = {};
}
if(data54.loss === undefined){
data54.loss = "MeanSquaredError";
}
if(data54.seed === undefined){
data54.seed = 0;
}
if(data54.cpuThreads === undefined){
data54.cpuThreads = 1;
}
if(data54.epochs === undefined){
const err180 = {instancePath:instancePath+"/spec/training",schemaPath:"#/properties/spec/properties/training/required",keyword:"required",params:{missingProperty: "epochs"},message:"must have required property '"+"epochs"+"'",schema:schema6.properties.spec.properties.training.required,parentSchema:schema6.properties.spec.properties.training,data:data54};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
if(data54.optimizer === undefined){
const err181 = {instancePath:instancePath+"/spec/training",schemaPath:"#/properties/spec/properties/training/required",keyword:"required",params:{missingProperty: "optimizer"},message:"must have required property '"+"optimizer"+"'",schema:schema6.properties.spec.properties.training.required,parentSchema:schema6.properties.spec.properties.training,data:data54};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
if(data54.loss === undefined){
const err182 = {instancePath:instancePath+"/spec/training",schemaPath:"#/properties/spec/properties/training/required",keyword:"required",params:{missingProperty: "loss"},message:"must have required property '"+"loss"+"'",schema:schema6.properties.spec.properties.training.required,parentSchema:schema6.properties.spec.properties.training,data:data54};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
if(data54.seed === undefined){
const err183 = {instancePath:instancePath+"/spec/training",schemaPath:"#/properties/spec/properties/training/required",keyword:"required",params:{missingProperty: "seed"},message:"must have required property '"+"seed"+"'",schema:schema6.properties.spec.properties.training.required,parentSchema:schema6.properties.spec.properties.training,data:data54};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
if(data54.cpuThreads === undefined){
const err184 = {instancePath:instancePath+"/spec/training",schemaPath:"#/properties/spec/properties/training/required",keyword:"required",params:{missingProperty: "cpuThreads"},message:"must have required property '"+"cpuThreads"+"'",schema:schema6.properties.spec.properties.training.required,parentSchema:schema6.properties.spec.properties.training,data:data54};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
for(const key10 in data54){
if(!((((((key10 === "epochs") || (key10 === "optimizer")) || (key10 === "loss")) || (key10 === "seed")) || (key10 === "earlyStopping")) || (key10 === "cpuThreads"))){
const err185 = {instancePath:instancePath+"/spec/training",schemaPath:"#/properties/spec/properties/training/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.training,data:data54};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
let data55 = data54.epochs;
if(!(((typeof data55 == "number") && (!(data55 % 1) && !isNaN(data55))) && (isFinite(data55)))){
const err186 = {instancePath:instancePath+"/spec/training/epochs",schemaPath:"#/properties/spec/properties/training/properties/epochs/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.training.properties.epochs.type,parentSchema:schema6.properties.spec.properties.training.properties.epochs,data:data55};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
if((typeof data55 == "number") && (isFinite(data55))){
if(data55 > 10000 || isNaN(data55)){
const err187 = {instancePath:instancePath+"/spec/training/epochs",schemaPath:"#/properties/spec/properties/training/properties/epochs/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000",schema:10000,parentSchema:schema6.properties.spec.properties.training.properties.epochs,data:data55};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
if(data55 < 1 || isNaN(data55)){
const err188 = {instancePath:instancePath+"/spec/training/epochs",schemaPath:"#/properties/spec/properties/training/properties/epochs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.training.properties.epochs,data:data55};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
if(!(validate22(data54.optimizer, {instancePath:instancePath+"/spec/training/optimizer",parentData:data54,parentDataProperty:"optimizer",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
let data57 = data54.loss;
if(typeof data57 !== "string"){
const err189 = {instancePath:instancePath+"/spec/training/loss",schemaPath:"#/properties/spec/properties/training/properties/loss/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.training.properties.loss.type,parentSchema:schema6.properties.spec.properties.training.properties.loss,data:data57};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
if(!((data57 === "MeanSquaredError") || (data57 === "NormalizedMeanSquaredError"))){
const err190 = {instancePath:instancePath+"/spec/training/loss",schemaPath:"#/properties/spec/properties/training/properties/loss/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.training.properties.loss.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.training.properties.loss.enum,parentSchema:schema6.properties.spec.properties.training.properties.loss,data:data57};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
let data58 = data54.seed;
if(!(((typeof data58 == "number") && (!(data58 % 1) && !isNaN(data58))) && (isFinite(data58)))){
const err191 = {instancePath:instancePath+"/spec/training/seed",schemaPath:"#/properties/spec/properties/training/properties/seed/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.training.properties.seed.type,parentSchema:schema6.properties.spec.properties.training.properties.seed,data:data58};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
if((typeof data58 == "number") && (isFinite(data58))){
if(data58 > 2147483647 || isNaN(data58)){
const err192 = {instancePath:instancePath+"/spec/training/seed",schemaPath:"#/properties/spec/properties/training/properties/seed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.training.properties.seed,data:data58};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
if(data58 < 0 || isNaN(data58)){
const err193 = {instancePath:instancePath+"/spec/training/seed",schemaPath:"#/properties/spec/properties/training/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.training.properties.seed,data:data58};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
if(data54.earlyStopping !== undefined){
let data59 = data54.earlyStopping;
if(data59 && typeof data59 == "object" && !Array.isArray(data59)){
if(data59.patience === undefined){
data59.patience = 3;
}
if(data59.minImprovement === undefined){
data59.minImprovement = "0.01";
}
if(data59.patience === undefined){
const err194 = {instancePath:instancePath+"/spec/training/earlyStopping",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/required",keyword:"required",params:{missingProperty: "patience"},message:"must have required property '"+"patience"+"'",schema:schema6.properties.spec.properties.training.properties.earlyStopping.required,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping,data:data59};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
if(data59.minImprovement === undefined){
const err195 = {instancePath:instancePath+"/spec/training/earlyStopping",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/required",keyword:"required",params:{missingProperty: "minImprovement"},message:"must have required property '"+"minImprovement"+"'",schema:schema6.properties.spec.properties.training.properties.earlyStopping.required,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping,data:data59};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
for(const key11 in data59){
if(!((key11 === "patience") || (key11 === "minImprovement"))){
const err196 = {instancePath:instancePath+"/spec/training/earlyStopping",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping,data:data59};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
let data60 = data59.patience;
if(!(((typeof data60 == "number") && (!(data60 % 1) && !isNaN(data60))) && (isFinite(data60)))){
const err197 = {instancePath:instancePath+"/spec/training/earlyStopping/patience",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/properties/patience/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.patience.type,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.patience,data:data60};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
if((typeof data60 == "number") && (isFinite(data60))){
if(data60 > 1000 || isNaN(data60)){
const err198 = {instancePath:instancePath+"/spec/training/earlyStopping/patience",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/properties/patience/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000",schema:1000,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.patience,data:data60};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
if(data60 < 1 || isNaN(data60)){
const err199 = {instancePath:instancePath+"/spec/training/earlyStopping/patience",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/properties/patience/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.patience,data:data60};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
let data61 = data59.minImprovement;
if(typeof data61 === "string"){
if(func2(data61) > 24){
const err200 = {instancePath:instancePath+"/spec/training/earlyStopping/minImprovement",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/properties/minImprovement/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.minImprovement,data:data61};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
if(!pattern14.test(data61)){
const err201 = {instancePath:instancePath+"/spec/training/earlyStopping/minImprovement",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/properties/minImprovement/pattern",keyword:"pattern",params:{pattern: "^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.minImprovement,data:data61};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
else {
const err202 = {instancePath:instancePath+"/spec/training/earlyStopping/minImprovement",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/properties/minImprovement/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.minImprovement.type,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping.properties.minImprovement,data:data61};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
else {
const err203 = {instancePath:instancePath+"/spec/training/earlyStopping",schemaPath:"#/properties/spec/properties/training/properties/earlyStopping/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.training.properties.earlyStopping.type,parentSchema:schema6.properties.spec.properties.training.properties.earlyStopping,data:data59};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
let data62 = data54.cpuThreads;
if(!(((typeof data62 == "number") && (!(data62 % 1) && !isNaN(data62))) && (isFinite(data62)))){
const err204 = {instancePath:instancePath+"/spec/training/cpuThreads",schemaPath:"#/properties/spec/properties/training/properties/cpuThreads/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.training.properties.cpuThreads.type,parentSchema:schema6.properties.spec.properties.training.properties.cpuThreads,data:data62};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
if((typeof data62 == "number") && (isFinite(data62))){
if(data62 > 256 || isNaN(data62)){
const err205 = {instancePath:instancePath+"/spec/training/cpuThreads",schemaPath:"#/properties/spec/properties/training/properties/cpuThreads/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256",schema:256,parentSchema:schema6.properties.spec.properties.training.properties.cpuThreads,data:data62};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
if(data62 < 1 || isNaN(data62)){
const err206 = {instancePath:instancePath+"/spec/training/cpuThreads",schemaPath:"#/properties/spec/properties/training/properties/cpuThreads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.training.properties.cpuThreads,data:data62};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
}
else {
const err207 = {instancePath:instancePath+"/spec/training",schemaPath:"#/properties/spec/properties/training/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.training.type,parentSchema:schema6.properties.spec.properties.training,data:data54};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
let data63 = data5.scheduling;
if(data63 && typeof data63 == "object" && !Array.isArray(data63)){
if(data63.policy === undefined){
data63.policy = "WorkStealing";
}
if(data63.bins === undefined){
data63.bins = 1;
}
if(data63.costSource === undefined){
data63.costSource = "Estimated";
}
if(data63.passes === undefined){
data63.passes = "Fused";
}
if(data63.policy === undefined){
const err208 = {instancePath:instancePath+"/spec/scheduling",schemaPath:"#/properties/spec/properties/scheduling/required",keyword:"required",params:{missingProperty: "policy"},message:"must have required property '"+"policy"+"'",schema:schema6.properties.spec.properties.scheduling.required,parentSchema:schema6.properties.spec.properties.scheduling,data:data63};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
if(data63.bins === undefined){
const err209 = {instancePath:instancePath+"/spec/scheduling",schemaPath:"#/properties/spec/properties/scheduling/required",keyword:"required",params:{missingProperty: "bins"},message:"must have required property '"+"bins"+"'",schema:schema6.properties.spec.properties.scheduling.required,parentSchema:schema6.properties.spec.properties.scheduling,data:data63};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
if(data63.costSource === undefined){
const err210 = {instancePath:instancePath+"/spec/scheduling",schemaPath:"#/properties/spec/properties/scheduling/required",keyword:"required",params:{missingProperty: "costSource"},message:"must have required property '"+"costSource"+"'",schema:schema6.properties.spec.properties.scheduling.required,parentSchema:schema6.properties.spec.properties.scheduling,data:data63};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
if(data63.passes === undefined){
const err211 = {instancePath:instancePath+"/spec/scheduling",schemaPath:"#/properties/spec/properties/scheduling/required",keyword:"required",params:{missingProperty: "passes"},message:"must have required property '"+"passes"+"'",schema:schema6.properties.spec.properties.scheduling.required,parentSchema:schema6.properties.spec.properties.scheduling,data:data63};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
for(const key12 in data63){
if(!((((key12 === "policy") || (key12 === "bins")) || (key12 === "costSource")) || (key12 === "passes"))){
const err212 = {instancePath:instancePath+"/spec/scheduling",schemaPath:"#/properties/spec/properties/scheduling/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.scheduling,data:data63};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
let data64 = data63.policy;
if(typeof data64 !== "string"){
const err213 = {instancePath:instancePath+"/spec/scheduling/policy",schemaPath:"#/properties/spec/properties/scheduling/properties/policy/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.scheduling.properties.policy.type,parentSchema:schema6.properties.spec.properties.scheduling.properties.policy,data:data64};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
if(!(((data64 === "RoundRobin") || (data64 === "BinPacking")) || (data64 === "WorkStealing"))){
const err214 = {instancePath:instancePath+"/spec/scheduling/policy",schemaPath:"#/properties/spec/properties/scheduling/properties/policy/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.scheduling.properties.policy.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.scheduling.properties.policy.enum,parentSchema:schema6.properties.spec.properties.scheduling.properties.policy,data:data64};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
let data65 = data63.bins;
if(!(((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65))) && (isFinite(data65)))){
const err215 = {instancePath:instancePath+"/spec/scheduling/bins",schemaPath:"#/properties/spec/properties/scheduling/properties/bins/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.scheduling.properties.bins.type,parentSchema:schema6.properties.spec.properties.scheduling.properties.bins,data:data65};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
if((typeof data65 == "number") && (isFinite(data65))){
if(data65 > 1024 || isNaN(data65)){
const err216 = {instancePath:instancePath+"/spec/scheduling/bins",schemaPath:"#/properties/spec/properties/scheduling/properties/bins/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1024},message:"must be <= 1024",schema:1024,parentSchema:schema6.properties.spec.properties.scheduling.properties.bins,data:data65};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
if(data65 < 1 || isNaN(data65)){
const err217 = {instancePath:instancePath+"/spec/scheduling/bins",schemaPath:"#/properties/spec/properties/scheduling/properties/bins/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.scheduling.properties.bins,data:data65};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
}
let data66 = data63.costSource;
if(typeof data66 !== "string"){
const err218 = {instancePath:instancePath+"/spec/scheduling/costSource",schemaPath:"#/properties/spec/properties/scheduling/properties/costSource/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.scheduling.properties.costSource.type,parentSchema:schema6.properties.spec.properties.scheduling.properties.costSource,data:data66};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
if(!(((data66 === "Estimated") || (data66 === "Recorded")) || (data66 === "Measured"))){
const err219 = {instancePath:instancePath+"/spec/scheduling/costSource",schemaPath:"#/properties/spec/properties/scheduling/properties/costSource/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.scheduling.properties.costSource.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.scheduling.properties.costSource.enum,parentSchema:schema6.properties.spec.properties.scheduling.properties.costSource,data:data66};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
let data67 = data63.passes;
if(typeof data67 !== "string"){
const err220 = {instancePath:instancePath+"/spec/scheduling/passes",schemaPath:"#/properties/spec/properties/scheduling/properties/passes/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.scheduling.properties.passes.type,parentSchema:schema6.properties.spec.properties.scheduling.properties.passes,data:data67};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
if(!((data67 === "Fused") || (data67 === "Independent"))){
const err221 = {instancePath:instancePath+"/spec/scheduling/passes",schemaPath:"#/properties/spec/properties/scheduling/properties/passes/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.scheduling.properties.passes.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.scheduling.properties.passes.enum,parentSchema:schema6.properties.spec.properties.scheduling.properties.passes,data:data67};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
}
else {
const err222 = {instancePath:instancePath+"/spec/scheduling",schemaPath:"#/properties/spec/properties/scheduling/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.scheduling.type,parentSchema:schema6.properties.spec.properties.scheduling,data:data63};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
let data68 = data5.selection;
if(data68 && typeof data68 == "object" && !Array.isArray(data68)){
if(data68.rule === undefined){
data68.rule = "Accuracy";
}
if(data68.split === undefined){
data68.split = "Validation";
}
if(data68.rule === undefined){
const err223 = {instancePath:instancePath+"/spec/selection",schemaPath:"#/properties/spec/properties/selection/required",keyword:"required",params:{missingProperty: "rule"},message:"must have required property '"+"rule"+"'",schema:schema6.properties.spec.properties.selection.required,parentSchema:schema6.properties.spec.properties.selection,data:data68};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
if(data68.split === undefined){
const err224 = {instancePath:instancePath+"/spec/selection",schemaPath:"#/properties/spec/properties/selection/required",keyword:"required",params:{missingProperty: "split"},message:"must have required property '"+"split"+"'",schema:schema6.properties.spec.properties.selection.required,parentSchema:schema6.properties.spec.properties.selection,data:data68};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
for(const key13 in data68){
if(!(((((key13 === "rule") || (key13 === "maxAccuracyDrop")) || (key13 === "minAccuracy")) || (key13 === "budget")) || (key13 === "split"))){
const err225 = {instancePath:instancePath+"/spec/selection",schemaPath:"#/properties/spec/properties/selection/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.selection,data:data68};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
let data69 = data68.rule;
if(typeof data69 !== "string"){
const err226 = {instancePath:instancePath+"/spec/selection/rule",schemaPath:"#/properties/spec/properties/selection/properties/rule/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.selection.properties.rule.type,parentSchema:schema6.properties.spec.properties.selection.properties.rule,data:data69};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
if(!(((data69 === "Accuracy") || (data69 === "AllTrained")) || (data69 === "Budget"))){
const err227 = {instancePath:instancePath+"/spec/selection/rule",schemaPath:"#/properties/spec/properties/selection/properties/rule/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.selection.properties.rule.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.selection.properties.rule.enum,parentSchema:schema6.properties.spec.properties.selection.properties.rule,data:data69};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
if(data68.maxAccuracyDrop !== undefined){
let data70 = data68.maxAccuracyDrop;
if(typeof data70 === "string"){
if(func2(data70) > 24){
const err228 = {instancePath:instancePath+"/spec/selection/maxAccuracyDrop",schemaPath:"#/properties/spec/properties/selection/properties/maxAccuracyDrop/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.selection.properties.maxAccuracyDrop,data:data70};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
if(!pattern14.test(data70)){
const err229 = {instancePath:instancePath+"/spec/selection/maxAccuracyDrop",schemaPath:"#/properties/spec/properties/selection/properties/maxAccuracyDrop/pattern",keyword:"pattern",params:{pattern: "^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.selection.properties.maxAccuracyDrop,data:data70};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
}
else {
const err230 = {instancePath:instancePath+"/spec/selection/maxAccuracyDrop",schemaPath:"#/properties/spec/properties/selection/properties/maxAccuracyDrop/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.selection.properties.maxAccuracyDrop.type,parentSchema:schema6.properties.spec.properties.selection.properties.maxAccuracyDrop,data:data70};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
}
if(data68.minAccuracy !== undefined){
let data71 = data68.minAccuracy;
if(typeof data71 === "string"){
if(func2(data71) > 24){
const err231 = {instancePath:instancePath+"/spec/selection/minAccuracy",schemaPath:"#/properties/spec/properties/selection/properties/minAccuracy/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.selection.properties.minAccuracy,data:data71};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
if(!pattern14.test(data71)){
const err232 = {instancePath:instancePath+"/spec/selection/minAccuracy",schemaPath:"#/properties/spec/properties/selection/properties/minAccuracy/pattern",keyword:"pattern",params:{pattern: "^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.selection.properties.minAccuracy,data:data71};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
else {
const err233 = {instancePath:instancePath+"/spec/selection/minAccuracy",schemaPath:"#/properties/spec/properties/selection/properties/minAccuracy/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.selection.properties.minAccuracy.type,parentSchema:schema6.properties.spec.properties.selection.properties.minAccuracy,data:data71};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
}
if(data68.budget !== undefined){
let data72 = data68.budget;
if(data72 && typeof data72 == "object" && !Array.isArray(data72)){
for(const key14 in data72){
if(!(((key14 === "parameters") || (key14 === "macs")) || (key14 === "latency"))){
const err234 = {instancePath:instancePath+"/spec/selection/budget",schemaPath:"#/properties/spec/properties/selection/properties/budget/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.selection.properties.budget,data:data72};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
}
if(data72.parameters !== undefined){
let data73 = data72.parameters;
if(typeof data73 === "string"){
if(func2(data73) > 24){
const err235 = {instancePath:instancePath+"/spec/selection/budget/parameters",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/parameters/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.parameters,data:data73};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
if(!pattern6.test(data73)){
const err236 = {instancePath:instancePath+"/spec/selection/budget/parameters",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/parameters/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.parameters,data:data73};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
}
else {
const err237 = {instancePath:instancePath+"/spec/selection/budget/parameters",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/parameters/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.selection.properties.budget.properties.parameters.type,parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.parameters,data:data73};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
}
if(data72.macs !== undefined){
let data74 = data72.macs;
if(typeof data74 === "string"){
if(func2(data74) > 24){
const err238 = {instancePath:instancePath+"/spec/selection/budget/macs",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/macs/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.macs,data:data74};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
if(!pattern6.test(data74)){
const err239 = {instancePath:instancePath+"/spec/selection/budget/macs",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/macs/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.macs,data:data74};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
}
else {
const err240 = {instancePath:instancePath+"/spec/selection/budget/macs",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/macs/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.selection.properties.budget.properties.macs.type,parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.macs,data:data74};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
}
if(data72.latency !== undefined){
let data75 = data72.latency;
if(typeof data75 === "string"){
if(func2(data75) > 24){
const err241 = {instancePath:instancePath+"/spec/selection/budget/latency",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/latency/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.latency,data:data75};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
if(!pattern6.test(data75)){
const err242 = {instancePath:instancePath+"/spec/selection/budget/latency",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/latency/pattern",keyword:"pattern",params:{pattern: "^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"},message:"must match pattern \""+"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$"+"\"",schema:"^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$",parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.latency,data:data75};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
}
else {
const err243 = {instancePath:instancePath+"/spec/selection/budget/latency",schemaPath:"#/properties/spec/properties/selection/properties/budget/properties/latency/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.selection.properties.budget.properties.latency.type,parentSchema:schema6.properties.spec.properties.selection.properties.budget.properties.latency,data:data75};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
}
}
else {
const err244 = {instancePath:instancePath+"/spec/selection/budget",schemaPath:"#/properties/spec/properties/selection/properties/budget/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.selection.properties.budget.type,parentSchema:schema6.properties.spec.properties.selection.properties.budget,data:data72};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
}
let data76 = data68.split;
if(typeof data76 !== "string"){
const err245 = {instancePath:instancePath+"/spec/selection/split",schemaPath:"#/properties/spec/properties/selection/properties/split/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.selection.properties.split.type,parentSchema:schema6.properties.spec.properties.selection.properties.split,data:data76};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
if(!((data76 === "Validation") || (data76 === "Train"))){
const err246 = {instancePath:instancePath+"/spec/selection/split",schemaPath:"#/properties/spec/properties/selection/properties/split/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.selection.properties.split.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.selection.properties.split.enum,parentSchema:schema6.properties.spec.properties.selection.properties.split,data:data76};
if(vErrors === null){
vErrors = [err246];
}
else {
vErrors.push(err246);
}
errors++;
}
}
else {
const err247 = {instancePath:instancePath+"/spec/selection",schemaPath:"#/properties/spec/properties/selection/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.selection.type,parentSchema:schema6.properties.spec.properties.selection,data:data68};
if(vErrors === null){
vErrors = [err247];
}
else {
vErrors.push(err247);
}
errors++;
}
let data77 = data5.fineTuning;
if(data77 && typeof data77 == "object" && !Array.isArray(data77)){
if(data77.epochs === undefined){
data77.epochs = 6;
}
if(data77.optimizer === undefined){
data77.optimizer = {};
}
if(data77.batchSize === undefined){
data77.batchSize = 128;
}
if(data77.labels === undefined){
data77.labels = "Used";
}
if(data77.freeze === undefined){
data77.freeze = [];
}
if(data77.freezeUnreplaced === undefined){
data77.freezeUnreplaced = "Disabled";
}
if(data77.augmentation === undefined){
data77.augmentation = "None";
}
if(data77.batchNormalization === undefined){
data77.batchNormalization = "Enabled";
}
if(data77.control === undefined){
data77.control = "Disabled";
}
if(data77.cpuThreads === undefined){
data77.cpuThreads = 2;
}
if(data77.epochs === undefined){
const err248 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "epochs"},message:"must have required property '"+"epochs"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err248];
}
else {
vErrors.push(err248);
}
errors++;
}
if(data77.optimizer === undefined){
const err249 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "optimizer"},message:"must have required property '"+"optimizer"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err249];
}
else {
vErrors.push(err249);
}
errors++;
}
if(data77.batchSize === undefined){
const err250 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "batchSize"},message:"must have required property '"+"batchSize"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err250];
}
else {
vErrors.push(err250);
}
errors++;
}
if(data77.labels === undefined){
const err251 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "labels"},message:"must have required property '"+"labels"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err251];
}
else {
vErrors.push(err251);
}
errors++;
}
if(data77.freeze === undefined){
const err252 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "freeze"},message:"must have required property '"+"freeze"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err252];
}
else {
vErrors.push(err252);
}
errors++;
}
if(data77.freezeUnreplaced === undefined){
const err253 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "freezeUnreplaced"},message:"must have required property '"+"freezeUnreplaced"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err253];
}
else {
vErrors.push(err253);
}
errors++;
}
if(data77.augmentation === undefined){
const err254 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "augmentation"},message:"must have required property '"+"augmentation"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err254];
}
else {
vErrors.push(err254);
}
errors++;
}
if(data77.batchNormalization === undefined){
const err255 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "batchNormalization"},message:"must have required property '"+"batchNormalization"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err255];
}
else {
vErrors.push(err255);
}
errors++;
}
if(data77.control === undefined){
const err256 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "control"},message:"must have required property '"+"control"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err256];
}
else {
vErrors.push(err256);
}
errors++;
}
if(data77.cpuThreads === undefined){
const err257 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/required",keyword:"required",params:{missingProperty: "cpuThreads"},message:"must have required property '"+"cpuThreads"+"'",schema:schema6.properties.spec.properties.fineTuning.required,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err257];
}
else {
vErrors.push(err257);
}
errors++;
}
for(const key15 in data77){
if(!(func6.call(schema6.properties.spec.properties.fineTuning.properties, key15))){
const err258 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err258];
}
else {
vErrors.push(err258);
}
errors++;
}
}
let data78 = data77.epochs;
if(!(((typeof data78 == "number") && (!(data78 % 1) && !isNaN(data78))) && (isFinite(data78)))){
const err259 = {instancePath:instancePath+"/spec/fineTuning/epochs",schemaPath:"#/properties/spec/properties/fineTuning/properties/epochs/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.fineTuning.properties.epochs.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.epochs,data:data78};
if(vErrors === null){
vErrors = [err259];
}
else {
vErrors.push(err259);
}
errors++;
}
if((typeof data78 == "number") && (isFinite(data78))){
if(data78 > 10000 || isNaN(data78)){
const err260 = {instancePath:instancePath+"/spec/fineTuning/epochs",schemaPath:"#/properties/spec/properties/fineTuning/properties/epochs/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000",schema:10000,parentSchema:schema6.properties.spec.properties.fineTuning.properties.epochs,data:data78};
if(vErrors === null){
vErrors = [err260];
}
else {
vErrors.push(err260);
}
errors++;
}
if(data78 < 0 || isNaN(data78)){
const err261 = {instancePath:instancePath+"/spec/fineTuning/epochs",schemaPath:"#/properties/spec/properties/fineTuning/properties/epochs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.fineTuning.properties.epochs,data:data78};
if(vErrors === null){
vErrors = [err261];
}
else {
vErrors.push(err261);
}
errors++;
}
}
if(!(validate22(data77.optimizer, {instancePath:instancePath+"/spec/fineTuning/optimizer",parentData:data77,parentDataProperty:"optimizer",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
let data80 = data77.batchSize;
if(!(((typeof data80 == "number") && (!(data80 % 1) && !isNaN(data80))) && (isFinite(data80)))){
const err262 = {instancePath:instancePath+"/spec/fineTuning/batchSize",schemaPath:"#/properties/spec/properties/fineTuning/properties/batchSize/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.fineTuning.properties.batchSize.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.batchSize,data:data80};
if(vErrors === null){
vErrors = [err262];
}
else {
vErrors.push(err262);
}
errors++;
}
if((typeof data80 == "number") && (isFinite(data80))){
if(data80 > 65536 || isNaN(data80)){
const err263 = {instancePath:instancePath+"/spec/fineTuning/batchSize",schemaPath:"#/properties/spec/properties/fineTuning/properties/batchSize/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65536},message:"must be <= 65536",schema:65536,parentSchema:schema6.properties.spec.properties.fineTuning.properties.batchSize,data:data80};
if(vErrors === null){
vErrors = [err263];
}
else {
vErrors.push(err263);
}
errors++;
}
if(data80 < 1 || isNaN(data80)){
const err264 = {instancePath:instancePath+"/spec/fineTuning/batchSize",schemaPath:"#/properties/spec/properties/fineTuning/properties/batchSize/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.fineTuning.properties.batchSize,data:data80};
if(vErrors === null){
vErrors = [err264];
}
else {
vErrors.push(err264);
}
errors++;
}
}
let data81 = data77.labels;
if(typeof data81 !== "string"){
const err265 = {instancePath:instancePath+"/spec/fineTuning/labels",schemaPath:"#/properties/spec/properties/fineTuning/properties/labels/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.labels.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.labels,data:data81};
if(vErrors === null){
vErrors = [err265];
}
else {
vErrors.push(err265);
}
errors++;
}
if(!((data81 === "Used") || (data81 === "None"))){
const err266 = {instancePath:instancePath+"/spec/fineTuning/labels",schemaPath:"#/properties/spec/properties/fineTuning/properties/labels/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.fineTuning.properties.labels.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.fineTuning.properties.labels.enum,parentSchema:schema6.properties.spec.properties.fineTuning.properties.labels,data:data81};
if(vErrors === null){
vErrors = [err266];
}
else {
vErrors.push(err266);
}
errors++;
}
if(data77.teacherLogits !== undefined){
let data82 = data77.teacherLogits;
if(data82 && typeof data82 == "object" && !Array.isArray(data82)){
if(data82.weight === undefined){
data82.weight = "1";
}
if(data82.temperature === undefined){
data82.temperature = "4";
}
if(data82.weight === undefined){
const err267 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/required",keyword:"required",params:{missingProperty: "weight"},message:"must have required property '"+"weight"+"'",schema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.required,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits,data:data82};
if(vErrors === null){
vErrors = [err267];
}
else {
vErrors.push(err267);
}
errors++;
}
if(data82.temperature === undefined){
const err268 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/required",keyword:"required",params:{missingProperty: "temperature"},message:"must have required property '"+"temperature"+"'",schema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.required,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits,data:data82};
if(vErrors === null){
vErrors = [err268];
}
else {
vErrors.push(err268);
}
errors++;
}
for(const key16 in data82){
if(!((key16 === "weight") || (key16 === "temperature"))){
const err269 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits,data:data82};
if(vErrors === null){
vErrors = [err269];
}
else {
vErrors.push(err269);
}
errors++;
}
}
let data83 = data82.weight;
if(typeof data83 === "string"){
if(func2(data83) > 24){
const err270 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits/weight",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/properties/weight/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.weight,data:data83};
if(vErrors === null){
vErrors = [err270];
}
else {
vErrors.push(err270);
}
errors++;
}
if(!pattern3.test(data83)){
const err271 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits/weight",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/properties/weight/pattern",keyword:"pattern",params:{pattern: "^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"},message:"must match pattern \""+"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"+"\"",schema:"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$",parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.weight,data:data83};
if(vErrors === null){
vErrors = [err271];
}
else {
vErrors.push(err271);
}
errors++;
}
}
else {
const err272 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits/weight",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/properties/weight/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.weight.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.weight,data:data83};
if(vErrors === null){
vErrors = [err272];
}
else {
vErrors.push(err272);
}
errors++;
}
let data84 = data82.temperature;
if(typeof data84 === "string"){
if(func2(data84) > 24){
const err273 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits/temperature",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/properties/temperature/maxLength",keyword:"maxLength",params:{limit: 24},message:"must NOT have more than 24 characters",schema:24,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.temperature,data:data84};
if(vErrors === null){
vErrors = [err273];
}
else {
vErrors.push(err273);
}
errors++;
}
if(!pattern3.test(data84)){
const err274 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits/temperature",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/properties/temperature/pattern",keyword:"pattern",params:{pattern: "^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"},message:"must match pattern \""+"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$"+"\"",schema:"^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([eE][-+]?[0-9]{1,2})?$",parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.temperature,data:data84};
if(vErrors === null){
vErrors = [err274];
}
else {
vErrors.push(err274);
}
errors++;
}
}
else {
const err275 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits/temperature",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/properties/temperature/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.temperature.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.properties.temperature,data:data84};
if(vErrors === null){
vErrors = [err275];
}
else {
vErrors.push(err275);
}
errors++;
}
}
else {
const err276 = {instancePath:instancePath+"/spec/fineTuning/teacherLogits",schemaPath:"#/properties/spec/properties/fineTuning/properties/teacherLogits/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.teacherLogits,data:data82};
if(vErrors === null){
vErrors = [err276];
}
else {
vErrors.push(err276);
}
errors++;
}
}
let data85 = data77.freeze;
if(Array.isArray(data85)){
if(data85.length > 256){
const err277 = {instancePath:instancePath+"/spec/fineTuning/freeze",schemaPath:"#/properties/spec/properties/fineTuning/properties/freeze/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items",schema:256,parentSchema:schema6.properties.spec.properties.fineTuning.properties.freeze,data:data85};
if(vErrors === null){
vErrors = [err277];
}
else {
vErrors.push(err277);
}
errors++;
}
const len6 = data85.length;
for(let i6=0; i6<len6; i6++){
let data86 = data85[i6];
if(typeof data86 === "string"){
if(func2(data86) > 256){
const err278 = {instancePath:instancePath+"/spec/fineTuning/freeze/" + i6,schemaPath:"#/properties/spec/properties/fineTuning/properties/freeze/items/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters",schema:256,parentSchema:schema6.properties.spec.properties.fineTuning.properties.freeze.items,data:data86};
if(vErrors === null){
vErrors = [err278];
}
else {
vErrors.push(err278);
}
errors++;
}
if(func2(data86) < 1){
const err279 = {instancePath:instancePath+"/spec/fineTuning/freeze/" + i6,schemaPath:"#/properties/spec/properties/fineTuning/properties/freeze/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.fineTuning.properties.freeze.items,data:data86};
if(vErrors === null){
vErrors = [err279];
}
else {
vErrors.push(err279);
}
errors++;
}
if(!pattern11.test(data86)){
const err280 = {instancePath:instancePath+"/spec/fineTuning/freeze/" + i6,schemaPath:"#/properties/spec/properties/fineTuning/properties/freeze/items/pattern",keyword:"pattern",params:{pattern: "^[^\\[\\]{}!]+$"},message:"must match pattern \""+"^[^\\[\\]{}!]+$"+"\"",schema:"^[^\\[\\]{}!]+$",parentSchema:schema6.properties.spec.properties.fineTuning.properties.freeze.items,data:data86};
if(vErrors === null){
vErrors = [err280];
}
else {
vErrors.push(err280);
}
errors++;
}
}
else {
const err281 = {instancePath:instancePath+"/spec/fineTuning/freeze/" + i6,schemaPath:"#/properties/spec/properties/fineTuning/properties/freeze/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.freeze.items.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.freeze.items,data:data86};
if(vErrors === null){
vErrors = [err281];
}
else {
vErrors.push(err281);
}
errors++;
}
}
}
else {
const err282 = {instancePath:instancePath+"/spec/fineTuning/freeze",schemaPath:"#/properties/spec/properties/fineTuning/properties/freeze/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.fineTuning.properties.freeze.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.freeze,data:data85};
if(vErrors === null){
vErrors = [err282];
}
else {
vErrors.push(err282);
}
errors++;
}
let data87 = data77.freezeUnreplaced;
if(typeof data87 !== "string"){
const err283 = {instancePath:instancePath+"/spec/fineTuning/freezeUnreplaced",schemaPath:"#/properties/spec/properties/fineTuning/properties/freezeUnreplaced/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.freezeUnreplaced.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.freezeUnreplaced,data:data87};
if(vErrors === null){
vErrors = [err283];
}
else {
vErrors.push(err283);
}
errors++;
}
if(!((data87 === "Enabled") || (data87 === "Disabled"))){
const err284 = {instancePath:instancePath+"/spec/fineTuning/freezeUnreplaced",schemaPath:"#/properties/spec/properties/fineTuning/properties/freezeUnreplaced/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.fineTuning.properties.freezeUnreplaced.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.fineTuning.properties.freezeUnreplaced.enum,parentSchema:schema6.properties.spec.properties.fineTuning.properties.freezeUnreplaced,data:data87};
if(vErrors === null){
vErrors = [err284];
}
else {
vErrors.push(err284);
}
errors++;
}
let data88 = data77.augmentation;
if(typeof data88 !== "string"){
const err285 = {instancePath:instancePath+"/spec/fineTuning/augmentation",schemaPath:"#/properties/spec/properties/fineTuning/properties/augmentation/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.augmentation.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.augmentation,data:data88};
if(vErrors === null){
vErrors = [err285];
}
else {
vErrors.push(err285);
}
errors++;
}
if(!((((data88 === "Dataset") || (data88 === "Flip")) || (data88 === "FlipAndCrop")) || (data88 === "None"))){
const err286 = {instancePath:instancePath+"/spec/fineTuning/augmentation",schemaPath:"#/properties/spec/properties/fineTuning/properties/augmentation/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.fineTuning.properties.augmentation.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.fineTuning.properties.augmentation.enum,parentSchema:schema6.properties.spec.properties.fineTuning.properties.augmentation,data:data88};
if(vErrors === null){
vErrors = [err286];
}
else {
vErrors.push(err286);
}
errors++;
}
let data89 = data77.batchNormalization;
if(typeof data89 !== "string"){
const err287 = {instancePath:instancePath+"/spec/fineTuning/batchNormalization",schemaPath:"#/properties/spec/properties/fineTuning/properties/batchNormalization/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.batchNormalization.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.batchNormalization,data:data89};
if(vErrors === null){
vErrors = [err287];
}
else {
vErrors.push(err287);
}
errors++;
}
if(!((data89 === "Enabled") || (data89 === "Disabled"))){
const err288 = {instancePath:instancePath+"/spec/fineTuning/batchNormalization",schemaPath:"#/properties/spec/properties/fineTuning/properties/batchNormalization/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.fineTuning.properties.batchNormalization.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.fineTuning.properties.batchNormalization.enum,parentSchema:schema6.properties.spec.properties.fineTuning.properties.batchNormalization,data:data89};
if(vErrors === null){
vErrors = [err288];
}
else {
vErrors.push(err288);
}
errors++;
}
let data90 = data77.control;
if(typeof data90 !== "string"){
const err289 = {instancePath:instancePath+"/spec/fineTuning/control",schemaPath:"#/properties/spec/properties/fineTuning/properties/control/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.fineTuning.properties.control.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.control,data:data90};
if(vErrors === null){
vErrors = [err289];
}
else {
vErrors.push(err289);
}
errors++;
}
if(!((data90 === "Enabled") || (data90 === "Disabled"))){
const err290 = {instancePath:instancePath+"/spec/fineTuning/control",schemaPath:"#/properties/spec/properties/fineTuning/properties/control/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.fineTuning.properties.control.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.fineTuning.properties.control.enum,parentSchema:schema6.properties.spec.properties.fineTuning.properties.control,data:data90};
if(vErrors === null){
vErrors = [err290];
}
else {
vErrors.push(err290);
}
errors++;
}
let data91 = data77.cpuThreads;
if(!(((typeof data91 == "number") && (!(data91 % 1) && !isNaN(data91))) && (isFinite(data91)))){
const err291 = {instancePath:instancePath+"/spec/fineTuning/cpuThreads",schemaPath:"#/properties/spec/properties/fineTuning/properties/cpuThreads/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.fineTuning.properties.cpuThreads.type,parentSchema:schema6.properties.spec.properties.fineTuning.properties.cpuThreads,data:data91};
if(vErrors === null){
vErrors = [err291];
}
else {
vErrors.push(err291);
}
errors++;
}
if((typeof data91 == "number") && (isFinite(data91))){
if(data91 > 256 || isNaN(data91)){
const err292 = {instancePath:instancePath+"/spec/fineTuning/cpuThreads",schemaPath:"#/properties/spec/properties/fineTuning/properties/cpuThreads/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256",schema:256,parentSchema:schema6.properties.spec.properties.fineTuning.properties.cpuThreads,data:data91};
if(vErrors === null){
vErrors = [err292];
}
else {
vErrors.push(err292);
}
errors++;
}
if(data91 < 1 || isNaN(data91)){
const err293 = {instancePath:instancePath+"/spec/fineTuning/cpuThreads",schemaPath:"#/properties/spec/properties/fineTuning/properties/cpuThreads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.fineTuning.properties.cpuThreads,data:data91};
if(vErrors === null){
vErrors = [err293];
}
else {
vErrors.push(err293);
}
errors++;
}
}
}
else {
const err294 = {instancePath:instancePath+"/spec/fineTuning",schemaPath:"#/properties/spec/properties/fineTuning/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.fineTuning.type,parentSchema:schema6.properties.spec.properties.fineTuning,data:data77};
if(vErrors === null){
vErrors = [err294];
}
else {
vErrors.push(err294);
}
errors++;
}
if(data5.outputs !== undefined){
let data92 = data5.outputs;
if(data92 && typeof data92 == "object" && !Array.isArray(data92)){
if(data92.formats === undefined){
data92.formats = ["TfjsLayers","Onnx"];
}
if(data92.onnxInput === undefined){
data92.onnxInput = "Prepared";
}
if(data92.workingFiles === undefined){
data92.workingFiles = "Keep";
}
if(data92.path === undefined){
const err295 = {instancePath:instancePath+"/spec/outputs",schemaPath:"#/properties/spec/properties/outputs/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'",schema:schema6.properties.spec.properties.outputs.required,parentSchema:schema6.properties.spec.properties.outputs,data:data92};
if(vErrors === null){
vErrors = [err295];
}
else {
vErrors.push(err295);
}
errors++;
}
if(data92.formats === undefined){
const err296 = {instancePath:instancePath+"/spec/outputs",schemaPath:"#/properties/spec/properties/outputs/required",keyword:"required",params:{missingProperty: "formats"},message:"must have required property '"+"formats"+"'",schema:schema6.properties.spec.properties.outputs.required,parentSchema:schema6.properties.spec.properties.outputs,data:data92};
if(vErrors === null){
vErrors = [err296];
}
else {
vErrors.push(err296);
}
errors++;
}
if(data92.onnxInput === undefined){
const err297 = {instancePath:instancePath+"/spec/outputs",schemaPath:"#/properties/spec/properties/outputs/required",keyword:"required",params:{missingProperty: "onnxInput"},message:"must have required property '"+"onnxInput"+"'",schema:schema6.properties.spec.properties.outputs.required,parentSchema:schema6.properties.spec.properties.outputs,data:data92};
if(vErrors === null){
vErrors = [err297];
}
else {
vErrors.push(err297);
}
errors++;
}
if(data92.workingFiles === undefined){
const err298 = {instancePath:instancePath+"/spec/outputs",schemaPath:"#/properties/spec/properties/outputs/required",keyword:"required",params:{missingProperty: "workingFiles"},message:"must have required property '"+"workingFiles"+"'",schema:schema6.properties.spec.properties.outputs.required,parentSchema:schema6.properties.spec.properties.outputs,data:data92};
if(vErrors === null){
vErrors = [err298];
}
else {
vErrors.push(err298);
}
errors++;
}
for(const key17 in data92){
if(!((((key17 === "path") || (key17 === "formats")) || (key17 === "onnxInput")) || (key17 === "workingFiles"))){
const err299 = {instancePath:instancePath+"/spec/outputs",schemaPath:"#/properties/spec/properties/outputs/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.outputs,data:data92};
if(vErrors === null){
vErrors = [err299];
}
else {
vErrors.push(err299);
}
errors++;
}
}
if(data92.path !== undefined){
let data93 = data92.path;
if(typeof data93 === "string"){
if(func2(data93) > 1024){
const err300 = {instancePath:instancePath+"/spec/outputs/path",schemaPath:"#/properties/spec/properties/outputs/properties/path/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters",schema:1024,parentSchema:schema6.properties.spec.properties.outputs.properties.path,data:data93};
if(vErrors === null){
vErrors = [err300];
}
else {
vErrors.push(err300);
}
errors++;
}
if(func2(data93) < 1){
const err301 = {instancePath:instancePath+"/spec/outputs/path",schemaPath:"#/properties/spec/properties/outputs/properties/path/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.outputs.properties.path,data:data93};
if(vErrors === null){
vErrors = [err301];
}
else {
vErrors.push(err301);
}
errors++;
}
if(!pattern2.test(data93)){
const err302 = {instancePath:instancePath+"/spec/outputs/path",schemaPath:"#/properties/spec/properties/outputs/properties/path/pattern",keyword:"pattern",params:{pattern: "^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"},message:"must match pattern \""+"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$"+"\"",schema:"^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$",parentSchema:schema6.properties.spec.properties.outputs.properties.path,data:data93};
if(vErrors === null){
vErrors = [err302];
}
else {
vErrors.push(err302);
}
errors++;
}
}
else {
const err303 = {instancePath:instancePath+"/spec/outputs/path",schemaPath:"#/properties/spec/properties/outputs/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.outputs.properties.path.type,parentSchema:schema6.properties.spec.properties.outputs.properties.path,data:data93};
if(vErrors === null){
vErrors = [err303];
}
else {
vErrors.push(err303);
}
errors++;
}
}
let data94 = data92.formats;
if(Array.isArray(data94)){
if(data94.length > 8){
const err304 = {instancePath:instancePath+"/spec/outputs/formats",schemaPath:"#/properties/spec/properties/outputs/properties/formats/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items",schema:8,parentSchema:schema6.properties.spec.properties.outputs.properties.formats,data:data94};
if(vErrors === null){
vErrors = [err304];
}
else {
vErrors.push(err304);
}
errors++;
}
if(data94.length < 1){
const err305 = {instancePath:instancePath+"/spec/outputs/formats",schemaPath:"#/properties/spec/properties/outputs/properties/formats/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema6.properties.spec.properties.outputs.properties.formats,data:data94};
if(vErrors === null){
vErrors = [err305];
}
else {
vErrors.push(err305);
}
errors++;
}
const len7 = data94.length;
for(let i7=0; i7<len7; i7++){
let data95 = data94[i7];
if(typeof data95 !== "string"){
const err306 = {instancePath:instancePath+"/spec/outputs/formats/" + i7,schemaPath:"#/properties/spec/properties/outputs/properties/formats/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.outputs.properties.formats.items.type,parentSchema:schema6.properties.spec.properties.outputs.properties.formats.items,data:data95};
if(vErrors === null){
vErrors = [err306];
}
else {
vErrors.push(err306);
}
errors++;
}
if(!(((data95 === "TfjsLayers") || (data95 === "Keras")) || (data95 === "Onnx"))){
const err307 = {instancePath:instancePath+"/spec/outputs/formats/" + i7,schemaPath:"#/properties/spec/properties/outputs/properties/formats/items/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.outputs.properties.formats.items.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.outputs.properties.formats.items.enum,parentSchema:schema6.properties.spec.properties.outputs.properties.formats.items,data:data95};
if(vErrors === null){
vErrors = [err307];
}
else {
vErrors.push(err307);
}
errors++;
}
}
}
else {
const err308 = {instancePath:instancePath+"/spec/outputs/formats",schemaPath:"#/properties/spec/properties/outputs/properties/formats/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema6.properties.spec.properties.outputs.properties.formats.type,parentSchema:schema6.properties.spec.properties.outputs.properties.formats,data:data94};
if(vErrors === null){
vErrors = [err308];
}
else {
vErrors.push(err308);
}
errors++;
}
let data96 = data92.onnxInput;
if(typeof data96 !== "string"){
const err309 = {instancePath:instancePath+"/spec/outputs/onnxInput",schemaPath:"#/properties/spec/properties/outputs/properties/onnxInput/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.outputs.properties.onnxInput.type,parentSchema:schema6.properties.spec.properties.outputs.properties.onnxInput,data:data96};
if(vErrors === null){
vErrors = [err309];
}
else {
vErrors.push(err309);
}
errors++;
}
if(!((data96 === "Prepared") || (data96 === "Pixels"))){
const err310 = {instancePath:instancePath+"/spec/outputs/onnxInput",schemaPath:"#/properties/spec/properties/outputs/properties/onnxInput/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.outputs.properties.onnxInput.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.outputs.properties.onnxInput.enum,parentSchema:schema6.properties.spec.properties.outputs.properties.onnxInput,data:data96};
if(vErrors === null){
vErrors = [err310];
}
else {
vErrors.push(err310);
}
errors++;
}
let data97 = data92.workingFiles;
if(typeof data97 !== "string"){
const err311 = {instancePath:instancePath+"/spec/outputs/workingFiles",schemaPath:"#/properties/spec/properties/outputs/properties/workingFiles/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.outputs.properties.workingFiles.type,parentSchema:schema6.properties.spec.properties.outputs.properties.workingFiles,data:data97};
if(vErrors === null){
vErrors = [err311];
}
else {
vErrors.push(err311);
}
errors++;
}
if(!((data97 === "Keep") || (data97 === "DeleteOnSuccess"))){
const err312 = {instancePath:instancePath+"/spec/outputs/workingFiles",schemaPath:"#/properties/spec/properties/outputs/properties/workingFiles/enum",keyword:"enum",params:{allowedValues: schema6.properties.spec.properties.outputs.properties.workingFiles.enum},message:"must be equal to one of the allowed values",schema:schema6.properties.spec.properties.outputs.properties.workingFiles.enum,parentSchema:schema6.properties.spec.properties.outputs.properties.workingFiles,data:data97};
if(vErrors === null){
vErrors = [err312];
}
else {
vErrors.push(err312);
}
errors++;
}
}
else {
const err313 = {instancePath:instancePath+"/spec/outputs",schemaPath:"#/properties/spec/properties/outputs/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.outputs.type,parentSchema:schema6.properties.spec.properties.outputs,data:data92};
if(vErrors === null){
vErrors = [err313];
}
else {
vErrors.push(err313);
}
errors++;
}
}
let data98 = data5.cluster;
if(data98 && typeof data98 == "object" && !Array.isArray(data98)){
if(data98.gpu === undefined){
data98.gpu = {};
}
if(data98.suspend === undefined){
data98.suspend = false;
}
if(data98.backoffLimit === undefined){
data98.backoffLimit = 3;
}
if(data98.gpu === undefined){
const err314 = {instancePath:instancePath+"/spec/cluster",schemaPath:"#/properties/spec/properties/cluster/required",keyword:"required",params:{missingProperty: "gpu"},message:"must have required property '"+"gpu"+"'",schema:schema6.properties.spec.properties.cluster.required,parentSchema:schema6.properties.spec.properties.cluster,data:data98};
if(vErrors === null){
vErrors = [err314];
}
else {
vErrors.push(err314);
}
errors++;
}
if(data98.suspend === undefined){
const err315 = {instancePath:instancePath+"/spec/cluster",schemaPath:"#/properties/spec/properties/cluster/required",keyword:"required",params:{missingProperty: "suspend"},message:"must have required property '"+"suspend"+"'",schema:schema6.properties.spec.properties.cluster.required,parentSchema:schema6.properties.spec.properties.cluster,data:data98};
if(vErrors === null){
vErrors = [err315];
}
else {
vErrors.push(err315);
}
errors++;
}
if(data98.backoffLimit === undefined){
const err316 = {instancePath:instancePath+"/spec/cluster",schemaPath:"#/properties/spec/properties/cluster/required",keyword:"required",params:{missingProperty: "backoffLimit"},message:"must have required property '"+"backoffLimit"+"'",schema:schema6.properties.spec.properties.cluster.required,parentSchema:schema6.properties.spec.properties.cluster,data:data98};
if(vErrors === null){
vErrors = [err316];
}
else {
vErrors.push(err316);
}
errors++;
}
for(const key18 in data98){
if(!(func6.call(schema6.properties.spec.properties.cluster.properties, key18))){
const err317 = {instancePath:instancePath+"/spec/cluster",schemaPath:"#/properties/spec/properties/cluster/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.cluster,data:data98};
if(vErrors === null){
vErrors = [err317];
}
else {
vErrors.push(err317);
}
errors++;
}
}
if(data98.volume !== undefined){
if(!(validate25(data98.volume, {instancePath:instancePath+"/spec/cluster/volume",parentData:data98,parentDataProperty:"volume",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data98.teacherVolume !== undefined){
if(!(validate25(data98.teacherVolume, {instancePath:instancePath+"/spec/cluster/teacherVolume",parentData:data98,parentDataProperty:"teacherVolume",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
if(data98.datasetVolume !== undefined){
if(!(validate25(data98.datasetVolume, {instancePath:instancePath+"/spec/cluster/datasetVolume",parentData:data98,parentDataProperty:"datasetVolume",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
}
let data102 = data98.gpu;
if(data102 && typeof data102 == "object" && !Array.isArray(data102)){
if(data102.resourceName === undefined){
data102.resourceName = "nvidia.com/gpu";
}
if(data102.count === undefined){
data102.count = 1;
}
if(data102.resourceName === undefined){
const err318 = {instancePath:instancePath+"/spec/cluster/gpu",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/required",keyword:"required",params:{missingProperty: "resourceName"},message:"must have required property '"+"resourceName"+"'",schema:schema6.properties.spec.properties.cluster.properties.gpu.required,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu,data:data102};
if(vErrors === null){
vErrors = [err318];
}
else {
vErrors.push(err318);
}
errors++;
}
if(data102.count === undefined){
const err319 = {instancePath:instancePath+"/spec/cluster/gpu",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/required",keyword:"required",params:{missingProperty: "count"},message:"must have required property '"+"count"+"'",schema:schema6.properties.spec.properties.cluster.properties.gpu.required,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu,data:data102};
if(vErrors === null){
vErrors = [err319];
}
else {
vErrors.push(err319);
}
errors++;
}
for(const key19 in data102){
if(!((key19 === "resourceName") || (key19 === "count"))){
const err320 = {instancePath:instancePath+"/spec/cluster/gpu",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key19},message:"must NOT have additional properties",schema:false,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu,data:data102};
if(vErrors === null){
vErrors = [err320];
}
else {
vErrors.push(err320);
}
errors++;
}
}
let data103 = data102.resourceName;
if(typeof data103 === "string"){
if(func2(data103) > 246){
const err321 = {instancePath:instancePath+"/spec/cluster/gpu/resourceName",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/properties/resourceName/maxLength",keyword:"maxLength",params:{limit: 246},message:"must NOT have more than 246 characters",schema:246,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu.properties.resourceName,data:data103};
if(vErrors === null){
vErrors = [err321];
}
else {
vErrors.push(err321);
}
errors++;
}
if(!pattern29.test(data103)){
const err322 = {instancePath:instancePath+"/spec/cluster/gpu/resourceName",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/properties/resourceName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/[^\\W_]([-.\\w]{0,61}[^\\W_])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/[^\\W_]([-.\\w]{0,61}[^\\W_])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/[^\\W_]([-.\\w]{0,61}[^\\W_])?$",parentSchema:schema6.properties.spec.properties.cluster.properties.gpu.properties.resourceName,data:data103};
if(vErrors === null){
vErrors = [err322];
}
else {
vErrors.push(err322);
}
errors++;
}
}
else {
const err323 = {instancePath:instancePath+"/spec/cluster/gpu/resourceName",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/properties/resourceName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.cluster.properties.gpu.properties.resourceName.type,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu.properties.resourceName,data:data103};
if(vErrors === null){
vErrors = [err323];
}
else {
vErrors.push(err323);
}
errors++;
}
let data104 = data102.count;
if(!(((typeof data104 == "number") && (!(data104 % 1) && !isNaN(data104))) && (isFinite(data104)))){
const err324 = {instancePath:instancePath+"/spec/cluster/gpu/count",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/properties/count/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.cluster.properties.gpu.properties.count.type,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu.properties.count,data:data104};
if(vErrors === null){
vErrors = [err324];
}
else {
vErrors.push(err324);
}
errors++;
}
if((typeof data104 == "number") && (isFinite(data104))){
if(data104 > 16 || isNaN(data104)){
const err325 = {instancePath:instancePath+"/spec/cluster/gpu/count",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/properties/count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16},message:"must be <= 16",schema:16,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu.properties.count,data:data104};
if(vErrors === null){
vErrors = [err325];
}
else {
vErrors.push(err325);
}
errors++;
}
if(data104 < 0 || isNaN(data104)){
const err326 = {instancePath:instancePath+"/spec/cluster/gpu/count",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/properties/count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu.properties.count,data:data104};
if(vErrors === null){
vErrors = [err326];
}
else {
vErrors.push(err326);
}
errors++;
}
}
}
else {
const err327 = {instancePath:instancePath+"/spec/cluster/gpu",schemaPath:"#/properties/spec/properties/cluster/properties/gpu/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.cluster.properties.gpu.type,parentSchema:schema6.properties.spec.properties.cluster.properties.gpu,data:data102};
if(vErrors === null){
vErrors = [err327];
}
else {
vErrors.push(err327);
}
errors++;
}
if(data98.workerTemplate !== undefined){
if(!(validate29(data98.workerTemplate, {instancePath:instancePath+"/spec/cluster/workerTemplate",parentData:data98,parentDataProperty:"workerTemplate",rootData}))){
vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors);
errors = vErrors.length;
}
}
if(data98.finalizerTemplate !== undefined){
if(!(validate29(data98.finalizerTemplate, {instancePath:instancePath+"/spec/cluster/finalizerTemplate",parentData:data98,parentDataProperty:"finalizerTemplate",rootData}))){
vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors);
errors = vErrors.length;
}
}
if(data98.className !== undefined){
let data107 = data98.className;
if(typeof data107 === "string"){
if(func2(data107) > 63){
const err328 = {instancePath:instancePath+"/spec/cluster/className",schemaPath:"#/properties/spec/properties/cluster/properties/className/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema6.properties.spec.properties.cluster.properties.className,data:data107};
if(vErrors === null){
vErrors = [err328];
}
else {
vErrors.push(err328);
}
errors++;
}
if(func2(data107) < 1){
const err329 = {instancePath:instancePath+"/spec/cluster/className",schemaPath:"#/properties/spec/properties/cluster/properties/className/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.cluster.properties.className,data:data107};
if(vErrors === null){
vErrors = [err329];
}
else {
vErrors.push(err329);
}
errors++;
}
if(!pattern0.test(data107)){
const err330 = {instancePath:instancePath+"/spec/cluster/className",schemaPath:"#/properties/spec/properties/cluster/properties/className/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema6.properties.spec.properties.cluster.properties.className,data:data107};
if(vErrors === null){
vErrors = [err330];
}
else {
vErrors.push(err330);
}
errors++;
}
}
else {
const err331 = {instancePath:instancePath+"/spec/cluster/className",schemaPath:"#/properties/spec/properties/cluster/properties/className/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.cluster.properties.className.type,parentSchema:schema6.properties.spec.properties.cluster.properties.className,data:data107};
if(vErrors === null){
vErrors = [err331];
}
else {
vErrors.push(err331);
}
errors++;
}
}
let data108 = data98.suspend;
if(typeof data108 !== "boolean"){
const err332 = {instancePath:instancePath+"/spec/cluster/suspend",schemaPath:"#/properties/spec/properties/cluster/properties/suspend/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema6.properties.spec.properties.cluster.properties.suspend.type,parentSchema:schema6.properties.spec.properties.cluster.properties.suspend,data:data108};
if(vErrors === null){
vErrors = [err332];
}
else {
vErrors.push(err332);
}
errors++;
}
if(data98.activeDeadlineSeconds !== undefined){
let data109 = data98.activeDeadlineSeconds;
if(!(((typeof data109 == "number") && (!(data109 % 1) && !isNaN(data109))) && (isFinite(data109)))){
const err333 = {instancePath:instancePath+"/spec/cluster/activeDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/activeDeadlineSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.cluster.properties.activeDeadlineSeconds.type,parentSchema:schema6.properties.spec.properties.cluster.properties.activeDeadlineSeconds,data:data109};
if(vErrors === null){
vErrors = [err333];
}
else {
vErrors.push(err333);
}
errors++;
}
if((typeof data109 == "number") && (isFinite(data109))){
if(data109 > 2147483647 || isNaN(data109)){
const err334 = {instancePath:instancePath+"/spec/cluster/activeDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/activeDeadlineSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.cluster.properties.activeDeadlineSeconds,data:data109};
if(vErrors === null){
vErrors = [err334];
}
else {
vErrors.push(err334);
}
errors++;
}
if(data109 < 1 || isNaN(data109)){
const err335 = {instancePath:instancePath+"/spec/cluster/activeDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/activeDeadlineSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.cluster.properties.activeDeadlineSeconds,data:data109};
if(vErrors === null){
vErrors = [err335];
}
else {
vErrors.push(err335);
}
errors++;
}
}
}
if(data98.pendingDeadlineSeconds !== undefined){
let data110 = data98.pendingDeadlineSeconds;
if(!(((typeof data110 == "number") && (!(data110 % 1) && !isNaN(data110))) && (isFinite(data110)))){
const err336 = {instancePath:instancePath+"/spec/cluster/pendingDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/pendingDeadlineSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.cluster.properties.pendingDeadlineSeconds.type,parentSchema:schema6.properties.spec.properties.cluster.properties.pendingDeadlineSeconds,data:data110};
if(vErrors === null){
vErrors = [err336];
}
else {
vErrors.push(err336);
}
errors++;
}
if((typeof data110 == "number") && (isFinite(data110))){
if(data110 > 2147483647 || isNaN(data110)){
const err337 = {instancePath:instancePath+"/spec/cluster/pendingDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/pendingDeadlineSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.cluster.properties.pendingDeadlineSeconds,data:data110};
if(vErrors === null){
vErrors = [err337];
}
else {
vErrors.push(err337);
}
errors++;
}
if(data110 < 1 || isNaN(data110)){
const err338 = {instancePath:instancePath+"/spec/cluster/pendingDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/pendingDeadlineSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema6.properties.spec.properties.cluster.properties.pendingDeadlineSeconds,data:data110};
if(vErrors === null){
vErrors = [err338];
}
else {
vErrors.push(err338);
}
errors++;
}
}
}
if(data98.inputsDeadlineSeconds !== undefined){
let data111 = data98.inputsDeadlineSeconds;
if(!(((typeof data111 == "number") && (!(data111 % 1) && !isNaN(data111))) && (isFinite(data111)))){
const err339 = {instancePath:instancePath+"/spec/cluster/inputsDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/inputsDeadlineSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.cluster.properties.inputsDeadlineSeconds.type,parentSchema:schema6.properties.spec.properties.cluster.properties.inputsDeadlineSeconds,data:data111};
if(vErrors === null){
vErrors = [err339];
}
else {
vErrors.push(err339);
}
errors++;
}
if((typeof data111 == "number") && (isFinite(data111))){
if(data111 > 2147483647 || isNaN(data111)){
const err340 = {instancePath:instancePath+"/spec/cluster/inputsDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/inputsDeadlineSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.cluster.properties.inputsDeadlineSeconds,data:data111};
if(vErrors === null){
vErrors = [err340];
}
else {
vErrors.push(err340);
}
errors++;
}
if(data111 < 0 || isNaN(data111)){
const err341 = {instancePath:instancePath+"/spec/cluster/inputsDeadlineSeconds",schemaPath:"#/properties/spec/properties/cluster/properties/inputsDeadlineSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.cluster.properties.inputsDeadlineSeconds,data:data111};
if(vErrors === null){
vErrors = [err341];
}
else {
vErrors.push(err341);
}
errors++;
}
}
}
let data112 = data98.backoffLimit;
if(!(((typeof data112 == "number") && (!(data112 % 1) && !isNaN(data112))) && (isFinite(data112)))){
const err342 = {instancePath:instancePath+"/spec/cluster/backoffLimit",schemaPath:"#/properties/spec/properties/cluster/properties/backoffLimit/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.cluster.properties.backoffLimit.type,parentSchema:schema6.properties.spec.properties.cluster.properties.backoffLimit,data:data112};
if(vErrors === null){
vErrors = [err342];
}
else {
vErrors.push(err342);
}
errors++;
}
if((typeof data112 == "number") && (isFinite(data112))){
if(data112 > 100 || isNaN(data112)){
const err343 = {instancePath:instancePath+"/spec/cluster/backoffLimit",schemaPath:"#/properties/spec/properties/cluster/properties/backoffLimit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema6.properties.spec.properties.cluster.properties.backoffLimit,data:data112};
if(vErrors === null){
vErrors = [err343];
}
else {
vErrors.push(err343);
}
errors++;
}
if(data112 < 0 || isNaN(data112)){
const err344 = {instancePath:instancePath+"/spec/cluster/backoffLimit",schemaPath:"#/properties/spec/properties/cluster/properties/backoffLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.cluster.properties.backoffLimit,data:data112};
if(vErrors === null){
vErrors = [err344];
}
else {
vErrors.push(err344);
}
errors++;
}
}
if(data98.ttlSecondsAfterFinished !== undefined){
let data113 = data98.ttlSecondsAfterFinished;
if(!(((typeof data113 == "number") && (!(data113 % 1) && !isNaN(data113))) && (isFinite(data113)))){
const err345 = {instancePath:instancePath+"/spec/cluster/ttlSecondsAfterFinished",schemaPath:"#/properties/spec/properties/cluster/properties/ttlSecondsAfterFinished/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema6.properties.spec.properties.cluster.properties.ttlSecondsAfterFinished.type,parentSchema:schema6.properties.spec.properties.cluster.properties.ttlSecondsAfterFinished,data:data113};
if(vErrors === null){
vErrors = [err345];
}
else {
vErrors.push(err345);
}
errors++;
}
if((typeof data113 == "number") && (isFinite(data113))){
if(data113 > 2147483647 || isNaN(data113)){
const err346 = {instancePath:instancePath+"/spec/cluster/ttlSecondsAfterFinished",schemaPath:"#/properties/spec/properties/cluster/properties/ttlSecondsAfterFinished/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema6.properties.spec.properties.cluster.properties.ttlSecondsAfterFinished,data:data113};
if(vErrors === null){
vErrors = [err346];
}
else {
vErrors.push(err346);
}
errors++;
}
if(data113 < 0 || isNaN(data113)){
const err347 = {instancePath:instancePath+"/spec/cluster/ttlSecondsAfterFinished",schemaPath:"#/properties/spec/properties/cluster/properties/ttlSecondsAfterFinished/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema6.properties.spec.properties.cluster.properties.ttlSecondsAfterFinished,data:data113};
if(vErrors === null){
vErrors = [err347];
}
else {
vErrors.push(err347);
}
errors++;
}
}
}
if(data98.queueName !== undefined){
let data114 = data98.queueName;
if(typeof data114 === "string"){
if(func2(data114) > 63){
const err348 = {instancePath:instancePath+"/spec/cluster/queueName",schemaPath:"#/properties/spec/properties/cluster/properties/queueName/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema6.properties.spec.properties.cluster.properties.queueName,data:data114};
if(vErrors === null){
vErrors = [err348];
}
else {
vErrors.push(err348);
}
errors++;
}
if(func2(data114) < 1){
const err349 = {instancePath:instancePath+"/spec/cluster/queueName",schemaPath:"#/properties/spec/properties/cluster/properties/queueName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema6.properties.spec.properties.cluster.properties.queueName,data:data114};
if(vErrors === null){
vErrors = [err349];
}
else {
vErrors.push(err349);
}
errors++;
}
if(!pattern0.test(data114)){
const err350 = {instancePath:instancePath+"/spec/cluster/queueName",schemaPath:"#/properties/spec/properties/cluster/properties/queueName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema6.properties.spec.properties.cluster.properties.queueName,data:data114};
if(vErrors === null){
vErrors = [err350];
}
else {
vErrors.push(err350);
}
errors++;
}
}
else {
const err351 = {instancePath:instancePath+"/spec/cluster/queueName",schemaPath:"#/properties/spec/properties/cluster/properties/queueName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.cluster.properties.queueName.type,parentSchema:schema6.properties.spec.properties.cluster.properties.queueName,data:data114};
if(vErrors === null){
vErrors = [err351];
}
else {
vErrors.push(err351);
}
errors++;
}
}
}
else {
const err352 = {instancePath:instancePath+"/spec/cluster",schemaPath:"#/properties/spec/properties/cluster/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.properties.cluster.type,parentSchema:schema6.properties.spec.properties.cluster,data:data98};
if(vErrors === null){
vErrors = [err352];
}
else {
vErrors.push(err352);
}
errors++;
}
if(data5.managedBy !== undefined){
let data115 = data5.managedBy;
if(typeof data115 === "string"){
if(func2(data115) > 63){
const err353 = {instancePath:instancePath+"/spec/managedBy",schemaPath:"#/properties/spec/properties/managedBy/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema6.properties.spec.properties.managedBy,data:data115};
if(vErrors === null){
vErrors = [err353];
}
else {
vErrors.push(err353);
}
errors++;
}
}
else {
const err354 = {instancePath:instancePath+"/spec/managedBy",schemaPath:"#/properties/spec/properties/managedBy/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.properties.spec.properties.managedBy.type,parentSchema:schema6.properties.spec.properties.managedBy,data:data115};
if(vErrors === null){
vErrors = [err354];
}
else {
vErrors.push(err354);
}
errors++;
}
}
}
else {
const err355 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.properties.spec.type,parentSchema:schema6.properties.spec,data:data5};
if(vErrors === null){
vErrors = [err355];
}
else {
vErrors.push(err355);
}
errors++;
}
}
}
else {
const err356 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema6.type,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err356];
}
else {
vErrors.push(err356);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}
