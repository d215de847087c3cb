import { project, secret } from "plugboard";

export default project("Shop", ({ awsConnection }) => {
  const region = "eu-central-1";
  const key = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: secret("aws/shop") };
  const user = awsConnection("ShopUser", { displayName: "AWS user", region, credentials: { type: "accessKeys", ...key } });
  awsConnection("ShopDeploy", {
    displayName: "AWS deploy role",
    region,
    credentials: { type: "iamRole", principal: user, roleArn: "arn:aws:iam::123456789012:role/deploy" },
  });
});
