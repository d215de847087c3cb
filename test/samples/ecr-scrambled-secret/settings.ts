import { project, storedSecret } from "plugboard";

export default project("Images", ({ dockerECRRegistry }) => {
  dockerECRRegistry("PROJECT_EXT_2", {
    displayName: "Amazon ECR",
    registryId: "210987654321",
    region: "eu-west-1",
    credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: storedSecret() },
  });
});
