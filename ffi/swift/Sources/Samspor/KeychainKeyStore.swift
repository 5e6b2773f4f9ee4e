#if canImport(Security)
import Foundation
import Security

/// The store's key in the keychain of this device: in no backup and on no other device. It can be read from the first
/// unlocking after a start on, so that a sync in the background can open the store.
public final class KeychainKeyStore: KeyStore, @unchecked Sendable {
    private let account: String

    /// One account a store.
    public init(account: String) {
        self.account = account
    }

    private var item: [CFString: Any] {
        [
            kSecClass: kSecClassGenericPassword,
            kSecAttrService: "dk.samspor.store",
            kSecAttrAccount: account,
        ]
    }

    public func readKey() throws -> Data? {
        var query = item
        query[kSecReturnData] = true
        var found: CFTypeRef?
        switch SecItemCopyMatching(query as CFDictionary, &found) {
        case errSecSuccess:
            guard let key = found as? Data else { throw KeyStoreError.Failed }
            return key
        case errSecItemNotFound:
            return nil
        case errSecInteractionNotAllowed, errSecUserCanceled, errSecAuthFailed:
            throw KeyStoreError.Locked
        default:
            throw KeyStoreError.Failed
        }
    }

    public func keepKey(key: Data) throws {
        var added = item
        added[kSecValueData] = key
        added[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        // Never over one that is there: a store may be encrypted with it.
        guard SecItemAdd(added as CFDictionary, nil) == errSecSuccess else { throw KeyStoreError.Failed }
    }

    public func forgetKey() throws {
        let status = SecItemDelete(item as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw KeyStoreError.Failed }
    }
}
#endif
