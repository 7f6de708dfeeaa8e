/** A self-signed certificate for localhost and 127.0.0.1, valid for a century. The key is public: for tests only. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUHwKnXgOf9mmfApAaNeModv66sWwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIzMjAzNFoYDzIxMjYxMDI4
MjMyMDM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATUAPDkzhU/JTsUN+sSRN2fXzIMpxn77ASUOXFTZvepisASXYfPnDiQ
gNfoltbp2OLmdug4b5tdf/vTT2RFuxJko28wbTAdBgNVHQ4EFgQU1+Qj53hEduNp
1t6oFykv+ceHGXMwHwYDVR0jBBgwFoAU1+Qj53hEduNp1t6oFykv+ceHGXMwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAIKW5epSFd4ldh00fDEA0rrF/EYPRrjiw4mp7u4FKYlSAiBY
5hlwqqTlO/YMRpJXOOguThcdXhYA0IqbkkMhkLxvRQ==
-----END CERTIFICATE-----`

export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5StEzbNxu5PQwXzI
Uy9n/DCIdQqWlxqWIfANIHyC4MmhRANCAATUAPDkzhU/JTsUN+sSRN2fXzIMpxn7
7ASUOXFTZvepisASXYfPnDiQgNfoltbp2OLmdug4b5tdf/vTT2RFuxJk
-----END PRIVATE KEY-----`
