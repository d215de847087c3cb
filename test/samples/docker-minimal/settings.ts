import { project, token } from "plugboard";

export default project("Web", ({ dockerRegistry }) => {
  dockerRegistry("PROJECT_EXT_3", {
    displayName: "Docker Registry",
    url: "https://registry.example.org",
    userName: "teamcity",
    password: token("credentialsJSON:00000000-0000-4000-8000-000000000002"),
  });
});
