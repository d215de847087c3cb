import { project, token } from "plugboard";

export default project("Orchard", { description: "Orchard's builds & issues" }, ({ githubConnection }) => {
  githubConnection("PROJECT_EXT_2", {
    displayName: "GitHub.com",
    clientId: "Iv1.0123456789abcdef",
    clientSecret: token("credentialsJSON:00000000-0000-4000-8000-000000000002"),
  });
});
