/** A partition of AWS: regions that share a DNS suffix and an identity system. */
interface Partition {
  readonly id: string;
  readonly dnsSuffix: string;
  readonly regions: readonly string[];
}

/** Partitions and regions as the AWS SDK for JavaScript 3.1169 knows them. Newer regions: `extraRegions`. */
export const partitions: readonly Partition[] = [
  {
    id: "aws",
    dnsSuffix: "amazonaws.com",
    regions: words(`
      af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
      ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
      eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1
      me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2`),
  },
  { id: "aws-cn", dnsSuffix: "amazonaws.com.cn", regions: words("cn-north-1 cn-northwest-1") },
  { id: "aws-us-gov", dnsSuffix: "amazonaws.com", regions: words("us-gov-east-1 us-gov-west-1") },
  { id: "aws-eusc", dnsSuffix: "amazonaws.eu", regions: words("eusc-de-east-1") },
  { id: "aws-iso", dnsSuffix: "c2s.ic.gov", regions: words("us-iso-east-1 us-iso-west-1") },
  { id: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov", regions: words("us-isob-east-1 us-isob-west-1") },
  { id: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk", regions: words("eu-isoe-west-1") },
  { id: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov", regions: words("us-isof-east-1 us-isof-south-1") },
];

export const regions: readonly string[] = partitions.flatMap((each) => each.regions);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** The partition of a region; `undefined` if the region is newer than this list. */
export function partitionOf(region: string): string | undefined {
  return partitions.find((each) => each.regions.includes(region))?.id;
}

/** What hosts of a region end in. Unknown regions get the suffix of the main partition. */
export function dnsSuffix(region: string): string {
  const partition = partitions.find((each) => each.regions.includes(region));
  return partition?.dnsSuffix ?? (region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com");
}

/** The region's own STS endpoint, such as `https://sts.eu-west-1.amazonaws.com`. */
export function stsEndpoint(region: string): string {
  return `https://sts.${region}.${dnsSuffix(region)}`;
}
