package dk.samspor.android

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import android.util.AtomicFile
import dk.samspor.KeyStore
import dk.samspor.KeyStoreException
import java.io.File
import java.security.GeneralSecurityException
import java.security.KeyStore.getInstance
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The store's key, sealed by a key that never leaves Android's key store, in a file that no backup copies. One name a
 * store. It can be read whenever the app runs, so that work in the background can open the store.
 */
class KeystoreKeyStore(context: Context, private val name: String) : KeyStore {
    private val file = AtomicFile(File(context.noBackupFilesDir, "$name.samspor-key"))
    private val keys = getInstance(PROVIDER).apply { load(null) }

    override fun readKey(): ByteArray? = guarded {
        if (!file.baseFile.exists()) return@guarded null
        val sealed = file.readFully()
        val sealing = keys.getKey(name, null) as? SecretKey ?: throw KeyStoreException.Failed()
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, sealing, GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES))
        cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
    }

    override fun keepKey(key: ByteArray): Unit = guarded {
        // Never over one that is there: a store may be encrypted with it.
        if (file.baseFile.exists()) throw KeyStoreException.Failed()
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.ENCRYPT_MODE, made())
        val sealed = cipher.iv + cipher.doFinal(key)
        check(cipher.iv.size == NONCE_BYTES)
        val out = file.startWrite()
        out.write(sealed)
        file.finishWrite(out)
    }

    override fun forgetKey(): Unit = guarded {
        keys.deleteEntry(name)
        file.delete()
    }

    private fun made(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(name, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).apply { init(spec) }.generateKey()
    }

    private fun <T> guarded(work: () -> T): T = try {
        work()
    } catch (known: KeyStoreException) {
        throw known
    } catch (locked: UserNotAuthenticatedException) {
        throw KeyStoreException.Locked()
    } catch (failed: GeneralSecurityException) {
        throw KeyStoreException.Failed()
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val CIPHER = "AES/GCM/NoPadding"
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
    }
}
